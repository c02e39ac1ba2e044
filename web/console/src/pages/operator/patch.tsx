// A unified diff, line by line.
import type { ReactNode } from "react";

export function Patch({ text }: { text: string }): ReactNode {
  return (
    <div tabIndex={0}>
      {text.split("\n").map((line, i) => {
        const kind = line.startsWith("@@") ? "hunk" : line.startsWith("+") && !line.startsWith("+++") ? "add" : line.startsWith("-") && !line.startsWith("---") ? "cut" : "";
        return <pre key={i} className={kind}>{line || " "}</pre>;
      })}
    </div>
  );
}
