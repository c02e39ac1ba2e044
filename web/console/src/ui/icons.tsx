// Icons, drawn with a line of 1.6 on 24 × 24 like those of the host app.
import type { ReactNode } from "react";

const paths = {
  back: "M15 5l-7 7 7 7",
  forward: "M9 5l7 7-7 7",
  down: "M6 9l6 6 6-6",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  done: "M5 12.5l4.5 4.5L19 7.5",
  plus: "M12 5v14M5 12h14",
  copy: "M9 9h10v11H9zM5 15V4h10",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.5M12 7.6v.1",
  warn: "M12 4L2.8 20h18.4zM12 10v4.5M12 17.3v.1",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16.2 16.2L21 21",
  columns: "M4 5h16v14H4zM10 5v14M15 5v14",
  download: "M12 4v11M7 10.5l5 5 5-5M4 20h16",
  upload: "M12 16V5M7 9.5l5-5 5 5M4 20h16",
  home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
  apps: "M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.5-4 3-6 6.5-6s6 2 6.500 6M16 4.300a3.500 3.500 0 0 1 0 6.400M18 14.500c2 .800 3.200 2.600 3.500 5.500",
  building: "M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3",
  log: "M6 3h12v18H6zM9 8h6M9 12h6M9 16h4",
  book: "M5 4h9a4 4 0 0 1 4 4v12H9a4 4 0 0 1-4-4zM5 16a4 4 0 0 1 4-4h9",
  key: "M8 15a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9zM12 11l9 0M17 11v4M21 11v3",
  hook: "M9 17a4 4 0 1 1-4-4M9 17h8M12 8a4 4 0 1 1 5 3.900M12 8l-5 9M17 17a4 4 0 1 0 1-3",
  review: "M4 5h16M4 10h9M4 15h6M13 17l3 3 5-6",
  gem: "M7 4h10l4 6-9 10L3 10zM3 10h18M9 10l3 10 3-10",
  device: "M8 2.500h8a2 2 0 0 1 2 2v15a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2v-15a2 2 0 0 1 2-2zM11 18h2",
  card: "M3 6h18v13H3zM3 10h18M7 15h4",
  gear: "M12 15.200a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400zM12 3v3M12 18v3M3 12h3M18 12h3M5.600 5.600l2.100 2.100M16.300 16.300l2.100 2.100M18.400 5.600l-2.100 2.100M7.700 16.300l-2.100 2.100",
  pulse: "M3 12h4l3-7 4 14 3-7h4",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M18.700 5.300l-1.400 1.400M6.700 17.300l-1.400 1.400",
  moon: "M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500z",
  auto: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 3v18M12 7h5M12 12h9M12 17h5",
  leave: "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20.500c.7-4.200 3.500-6 7.500-6s6.800 1.800 7.500 6",
  out: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  refresh: "M20 12a8 8 0 1 1-2.600-5.900M20 3.500v4h-4",
  dots: "M5 12h.01M12 12h.01M19 12h.01",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }): ReactNode {
  return (
    <svg className="i" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth={name === "dots" ? 2.6 : 1.6} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}

/** The platform's seal, as on the host app. */
export function Seal({ size = 28 }: { size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 40 40" aria-hidden="true" focusable="false">
      <rect width="40" height="40" rx="11" fill="#c8321f" />
      <g fill="none" stroke="#fff" strokeWidth="2.6">
        <rect x="9" y="9" width="9" height="9" rx="2.6" /><rect x="22" y="22" width="9" height="9" rx="2.6" /><rect x="9" y="22" width="9" height="9" rx="2.6" />
      </g>
      <circle cx="26.5" cy="13.5" r="4.7" fill="#fff" />
    </svg>
  );
}
