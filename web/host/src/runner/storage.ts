// What programs store, each under its own name, in the host's IndexedDB: the sandbox has no storage of its own. A program gets
// all of it when it boots and keeps its own copy; from then on changes are only written through.

export interface Store {
  /** Everything the program has stored. */
  all(): Promise<Record<string, string>>;
  /** Rejects with "over the limit" when the program's storage would pass its limit; then nothing has changed. */
  set(key: string, value: string): Promise<void>;
  remove(key: string): Promise<void>;
  clear(): Promise<void>;
  close(): void;
}

/** Bytes an entry counts: key and value in UTF-8, as the worker counts them. A lone half of a surrogate pair counts 2. */
export function entryBytes(key: string, value: string): number {
  return utf8(key) + utf8(value);
}

function utf8(s: string): number {
  let n = s.length;
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i);
    if (c >= 0x80) n += c < 0x800 || (c >= 0xd800 && c < 0xe000) ? 1 : 2;
  }
  return n;
}

/** Keeps count of what is stored, so that a limit can be held without reading everything again. */
export class Ledger {
  private readonly sizes = new Map<string, number>();
  total = 0;

  constructor(private readonly limit: number) {}

  /** Books an entry; false, and nothing booked, when it does not fit. */
  put(key: string, value: string): boolean {
    const size = entryBytes(key, value);
    const total = this.total - (this.sizes.get(key) ?? 0) + size;
    if (total > this.limit) return false;
    this.sizes.set(key, size);
    this.total = total;
    return true;
  }

  drop(key: string): void {
    this.total -= this.sizes.get(key) ?? 0;
    this.sizes.delete(key);
  }

  empty(): void {
    this.sizes.clear();
    this.total = 0;
  }
}

const DB = "minimart", TABLE = "program-storage";

/**
 * Opens the storage of one program. owner is the app id, with the version type for anything but a release, so that a trial cannot
 * spoil what consumers have stored. Where the browser keeps nothing (some private windows), it lasts while the program is open.
 */
export async function openStore(owner: string, limit: number): Promise<Store> {
  const ledger = new Ledger(limit);
  let db: IDBDatabase | null = null;
  try {
    db = await openDB();
  } catch (e) {
    console.warn("minimart: programs' storage is not kept, the browser refuses:", e);
  }
  const range = IDBKeyRange.bound([owner, ""], [owner, "\uffff\uffff"]);
  const write = (act: (s: IDBObjectStore) => void): Promise<void> =>
    db === null ? Promise.resolve() : new Promise((resolve, reject) => {
      const tx = db!.transaction(TABLE, "readwrite");
      act(tx.objectStore(TABLE));
      tx.oncomplete = () => resolve();
      tx.onabort = tx.onerror = () => reject(tx.error ?? new Error("the browser could not write"));
    });
  return {
    all: () => db === null ? Promise.resolve({}) : new Promise((resolve, reject) => {
      const entries: Record<string, string> = Object.create(null);
      const ask = db!.transaction(TABLE).objectStore(TABLE).openCursor(range);
      ask.onerror = () => reject(ask.error);
      ask.onsuccess = () => {
        const at = ask.result;
        if (!at) return resolve(entries);
        const { key, value } = at.value as { key: string; value: string };
        entries[key] = value;
        ledger.put(key, value);
        at.continue();
      };
    }),
    set: (key, value) => ledger.put(key, value) ? write((s) => s.put({ owner, key, value })) : Promise.reject(new Error("over the limit")),
    remove: (key) => (ledger.drop(key), write((s) => s.delete([owner, key]))),
    clear: () => (ledger.empty(), write((s) => s.delete(range))),
    close: () => db?.close(),
  };
}

function openDB(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const ask = indexedDB.open(DB, 1);
    ask.onupgradeneeded = () => ask.result.createObjectStore(TABLE, { keyPath: ["owner", "key"] });
    ask.onsuccess = () => {
      ask.result.onversionchange = () => ask.result.close(); // another tab wants to upgrade: do not stand in its way
      resolve(ask.result);
    };
    ask.onerror = () => reject(ask.error);
    ask.onblocked = () => reject(new Error("another tab holds an older version"));
  });
}
