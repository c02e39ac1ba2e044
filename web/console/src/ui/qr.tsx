// A QR code, drawn here: what is in it goes nowhere.
import make from "qrcode-generator";
import type { ReactNode } from "react";

export function QR({ text, label }: { text: string; label: string }): ReactNode {
  const code = make(0, "M");
  code.addData(text, "Byte");
  code.make();
  const n = code.getModuleCount();
  let path = "";
  for (let row = 0; row < n; row++) for (let col = 0; col < n; col++) if (code.isDark(row, col)) path += `M${col} ${row}h1v1h-1z`;
  return <div className="qr"><svg viewBox={`0 0 ${n} ${n}`} role="img" aria-label={label} shapeRendering="crispEdges"><path d={path} fill="#000" /></svg></div>;
}
