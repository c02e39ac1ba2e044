// Taking a file: chosen, or dropped.
import { useState, type ReactNode } from "react";
import { commonWords } from "../words/common";
import { Icon } from "./icons";

type Props = { accept: string; title: string; hint: string; /** of a file that is on its way, 0 to 1; null for none */ share: number | null; take: (file: File) => void };

export function FileDrop({ accept, title, hint, share, take }: Props): ReactNode {
  const [over, setOver] = useState(false);
  const busy = share !== null;
  return (
    <label className={over ? "drop over" : "drop"} aria-busy={busy} onDragOver={(e) => {
      e.preventDefault();
      setOver(true);
    }} onDragLeave={() => setOver(false)} onDrop={(e) => {
      e.preventDefault();
      setOver(false);
      const file = e.dataTransfer.files[0];
      if (file && !busy) take(file);
    }}>
      <Icon name="upload" size={24} />
      <b>{busy ? `${commonWords().loading} ${Math.round(share * 100)}%` : title}</b>
      <span className="small">{hint}</span>
      {busy ? <span className="bar" style={{ width: "min(260px, 100%)" }} role="progressbar" aria-valuenow={Math.round(share * 100)} aria-valuemin={0} aria-valuemax={100} aria-label={title}><i style={{ width: `${share * 100}%` }} /></span> : null}
      <input type="file" accept={accept} aria-label={title} disabled={busy} onChange={(e) => {
        const file = e.target.files?.[0];
        e.target.value = ""; // the same file again is a choice too
        if (file) take(file);
      }} />
    </label>
  );
}
