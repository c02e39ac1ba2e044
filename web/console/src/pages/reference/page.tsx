export default function Reference({ outside }: { outside?: boolean }) { return outside ? "x" : "y"; }
