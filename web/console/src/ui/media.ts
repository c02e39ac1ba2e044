import { useSyncExternalStore } from "react";

/** Whether a media query holds, now and whenever that changes. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (f) => {
      const list = matchMedia(query);
      list.addEventListener("change", f);
      return () => list.removeEventListener("change", f);
    },
    () => matchMedia(query).matches,
  );
}

/** As narrow as a phone: rows become cards. */
export const usePhone = (): boolean => useMedia("(max-width: 640px)");
