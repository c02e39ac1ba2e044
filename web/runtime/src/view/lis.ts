/** Indexes of a longest increasing subsequence of a, entries of -1 left out. O(n log n). */
export function lis(a: Int32Array): number[] {
  const before = new Int32Array(a.length);
  const tails: number[] = [];
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!;
    if (x < 0) continue;
    let lo = 0, hi = tails.length;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (a[tails[mid]!]! < x) lo = mid + 1;
      else hi = mid;
    }
    before[i] = lo > 0 ? tails[lo - 1]! : -1;
    tails[lo] = i;
  }
  let at = tails.length > 0 ? tails[tails.length - 1]! : -1;
  for (let k = tails.length - 1; k >= 0; k--) {
    tails[k] = at;
    at = before[at]!;
  }
  return tails;
}
