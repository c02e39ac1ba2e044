/** Fen to yuan as a shop writes it: 5900 → "59", 5950 → "59.50". */
export function yuan(fen: number): string {
  return fen % 100 === 0 ? String(fen / 100) : (fen / 100).toFixed(2)
}
