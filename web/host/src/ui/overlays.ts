// What lies over a program or the home screen: a toast, and a pile of dialogs that answer. Elements draw it (mm-overlays); this is
// the state, so that a host call and a test can open a dialog without a screen.
//
// Two of the dialogs are the platform's own questions: signing in, and consent. While one is open, nothing that a program can cause
// lies over it: its dialogs are refused, its toast waits. And consent takes no yes in its first moments: a finger that is busy tapping
// in a program has not read it.
import type { Kind, Me } from "../consumer";

export interface Toast {
  title: string;
  icon: "success" | "error" | "fail" | "exception" | "loading" | "none";
  image: string | null;
  /** keeps touches from what lies under it */
  mask: boolean;
}

/** A dialog. Texts that are "" take the host's own words. */
export type Dialog =
  | { kind: "modal"; title: string; content: string; cancel: string | null; confirm: string; cancelColor?: string; confirmColor?: string; editable?: boolean; placeholder?: string }
  | { kind: "actions"; title: string; items: string[]; color: string }
  | { kind: "gallery"; urls: string[]; at: number }
  | { kind: "share"; title: string; name: string; link: string; image: string | null }
  | { kind: "menu"; program: ProgramCard; canShare: boolean; favourite: boolean }
  | { kind: "about"; program: ProgramCard }
  | { kind: "sign-in"; program: ProgramSign | null }
  | ({ kind: "consent"; what: Kind; organisation: string; purpose: string; /** the program's own, "" for none */ words: string; me: Me } & ProgramSign);

/** A program as a sheet shows it. */
export interface ProgramSign { app: string; name: string; icon: string }

export interface ProgramCard {
  name: string; icon: string; id: string; version: string; versionType: string; summary: string; domains: string[]; organisation: string;
  /** what it asked to use, and what the consumer said */
  asked: { thing: string; allowed: boolean }[];
}

export type MenuChoice = "share" | "favourite" | "restart" | "about" | "link";
export interface Answers {
  modal: { text: string };
  actions: { index: number };
  gallery: object;
  share: object;
  menu: { choice: MenuChoice };
  about: object;
  "sign-in": object;
  consent: object;
}

export interface OpenDialog { id: number; dialog: Dialog; answer: (result: unknown) => void }

/** dialogs that may lie on each other; a program that opens more gets an error instead of a wall of them */
const deepest = 4;
/** ms in which the sheet of consent takes no answer but no */
export const UNREAD = 500;

const questions: ReadonlySet<Dialog["kind"]> = new Set(["sign-in", "consent"]);
/** What a program can open. */
const programs: ReadonlySet<Dialog["kind"]> = new Set(["modal", "actions", "gallery", "share"]);

export class Overlays {
  toast: Toast | null = null;
  dialogs: readonly OpenDialog[] = [];
  private toastTimer: ReturnType<typeof setTimeout> | undefined;
  private last = 0;
  private readonly followers = new Set<() => void>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** The platform asks the consumer something. */
  get questioning(): boolean {
    return this.dialogs.some((d) => questions.has(d.dialog.kind));
  }

  /** Resolves with the answer, or null when the dialog was cancelled: by button, Escape, back, or because the program was closed. */
  open<D extends Dialog>(dialog: D): Promise<Answers[D["kind"]] | null> {
    if (this.dialogs.length >= deepest) return Promise.reject(new Error(`${deepest} dialogs are open already`));
    const question = questions.has(dialog.kind);
    if (this.questioning && (question || programs.has(dialog.kind))) return Promise.reject(new Error("the consumer is being asked something: wait for the answer"));
    return new Promise((resolve) => {
      const id = ++this.last;
      const from = this.now();
      const answer = (result: unknown) => {
        if (dialog.kind === "consent" && result !== null && this.now() - from < UNREAD) return; // nobody has read it yet
        if (!this.dialogs.some((d) => d.id === id)) return; // answered already
        this.dialogs = this.dialogs.filter((d) => d.id !== id);
        this.changed();
        resolve(result as Answers[D["kind"]] | null);
      };
      this.dialogs = [...this.dialogs, { id, dialog, answer }];
      this.changed();
    });
  }

  /** Cancels the dialog on top; false when there is none. */
  cancelTop(): boolean {
    const top = this.dialogs.at(-1);
    top?.answer(null);
    return top !== undefined;
  }

  /** ms null: until hideToast or another one. */
  showToast(toast: Toast, ms: number | null): void {
    clearTimeout(this.toastTimer);
    this.toast = toast;
    if (ms !== null) this.toastTimer = setTimeout(() => this.hideToast(), ms);
    this.changed();
  }

  hideToast(): void {
    clearTimeout(this.toastTimer);
    if (this.toast === null) return;
    this.toast = null;
    this.changed();
  }

  /** Cancels everything. */
  clear(): void {
    while (this.cancelTop());
    this.hideToast();
  }

  /** Calls f after each change until the returned function is called. */
  follow(f: () => void): () => void {
    this.followers.add(f);
    return () => this.followers.delete(f);
  }

  private changed(): void {
    for (const f of [...this.followers]) f();
  }
}
