// The consoles speak the language the host app was told to speak: same words machine, same memory of the choice.
import { useSyncExternalStore } from "react";
import { followLang, lang, type Lang } from "../../../host/src/words/lang";

export { dictionaries, lang, locale, restoreLang, setLang, words, type Lang } from "../../../host/src/words/lang";

/** The current language; whoever uses it is drawn anew when it changes. */
export const useLang = (): Lang => useSyncExternalStore(followLang, lang);

/** The part of a text that comes in both languages, as declarations of the server do. */
export const either = (text: { zh: string; en: string }): string => (lang() === "zh" ? text.zh || text.en : text.en || text.zh);
