// The developer's preview: sends what the program logs to the server, which finds the source lines, and hears what it builds.
import type { LogEntry } from "../runner/program";

export interface Diagnostic { file: string; line: number; column: number; message: string; hint: string }
export interface LogLine { level: LogEntry["level"]; text: string; where: string; stack: string; at: number }
export interface Build { errors: Diagnostic[]; warnings: Diagnostic[]; millis: number }

export type PreviewEvent =
  | { type: "reload" }
  | ({ type: "build" } & Build)
  | ({ type: "log" } & LogLine);

/** lines the console keeps; the terminal has them all */
const kept = 1000;
const batchMs = 100, batchMost = 200;

export class Preview {
  lines: LogLine[] = [];
  build: Build | null = null;
  connected = false;
  private readonly events: EventSource;
  private pending: LogEntry[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private drawing: ReturnType<typeof setTimeout> | undefined;

  /** changed is called whenever something to be shown is different, reload when the program should start again,
   *  built when a build went well, log for each line that came back with its place. */
  constructor(private readonly o: { changed: () => void; reload: () => void; built: () => void; log: (line: LogLine) => void }) {
    this.events = new EventSource("/api/preview/v1/events");
    this.events.onopen = () => this.state(true);
    this.events.onerror = () => this.state(false); // the browser connects again by itself
    this.events.onmessage = (e) => this.hear(readEvent(String(e.data), Date.now()));
  }

  /** Sends an entry to the server, in batches. It comes back as an event, with the line in the source. */
  send(entry: LogEntry): void {
    this.pending.push(entry);
    if (this.pending.length > batchMost) this.pending.splice(0, this.pending.length - batchMost);
    this.timer ??= setTimeout(() => void this.flush(), batchMs);
  }

  clear(): void {
    this.lines = [];
    this.o.changed();
  }

  close(): void {
    clearTimeout(this.timer);
    clearTimeout(this.drawing);
    void this.flush();
    this.events.close();
  }

  private async flush(): Promise<void> {
    const logs = this.pending;
    this.pending = [];
    this.timer = undefined;
    if (logs.length === 0) return;
    try {
      const answer = await fetch("/api/preview/v1/log", {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ logs: logs.map((l) => ({ level: l.level, text: l.text, stack: l.stack ?? "", code: l.code ?? "" })) }), keepalive: logs.length < 20,
      });
      if (!answer.ok) throw new Error(String(answer.status));
    } catch {
      // Without the server the lines are still worth seeing, with the places of the bundle.
      for (const l of logs) this.add({ level: l.level, text: l.text, stack: l.stack ?? "", where: "", at: Date.now() });
    }
  }

  private hear(event: PreviewEvent | null): void {
    if (event === null) return;
    if (event.type === "reload") this.o.reload();
    else if (event.type === "build") {
      this.build = event;
      if (event.errors.length === 0) this.o.built();
      this.o.changed();
    } else this.add(event);
  }

  private add(line: LogLine): void {
    this.lines = [...this.lines.slice(-(kept - 1)), line];
    this.o.log(line);
    // A program that logs without end must not keep the host busy with drawing it.
    this.drawing ??= setTimeout(() => {
      this.drawing = undefined;
      this.o.changed();
    }, batchMs);
  }

  private state(connected: boolean): void {
    if (this.connected === connected) return;
    this.connected = connected;
    this.o.changed();
  }
}

/** Reads one event of the stream; null for what is not one this host knows. */
export function readEvent(text: string, at: number): PreviewEvent | null {
  let e: { [key: string]: unknown } | null;
  try {
    e = JSON.parse(text) as { [key: string]: unknown } | null;
  } catch {
    return null;
  }
  if (e === null || typeof e !== "object") return null;
  if (e.type === "reload") return { type: "reload" };
  if (e.type === "build") return { type: "build", errors: diagnostics(e.errors), warnings: diagnostics(e.warnings), millis: typeof e.millis === "number" ? e.millis : 0 };
  if (e.type === "log") {
    const level = (["debug", "info", "log", "warn", "error"] as const).find((l) => l === e.level) ?? "log";
    return { type: "log", level, text: str(e.text), where: str(e.where), stack: str(e.stack), at };
  }
  return null;
}

function diagnostics(v: unknown): Diagnostic[] {
  if (!Array.isArray(v)) return [];
  return v.flatMap((d: unknown) => {
    if (d === null || typeof d !== "object") return [];
    const o = d as { [key: string]: unknown };
    return [{ file: str(o.file), line: Number(o.line) || 0, column: Number(o.column) || 0, message: str(o.message), hint: str(o.hint) }];
  });
}

/** "pages/a/index.jxml:14:9", as far as the place is known. */
export function placeOfDiagnostic(d: Diagnostic): string {
  return d.file + (d.line > 0 ? `:${d.line}:${Math.max(1, d.column)}` : "");
}

const str = (v: unknown): string => (typeof v === "string" ? v : "");
