// The host app: finds its language and colours, then everything else is mm-host in the page.
import { restoreTheme } from "./theme";
import { Host } from "./ui/host";
import { followLang, locale, restoreLang } from "./words/lang";

restoreLang(new URLSearchParams(location.search));
restoreTheme();
const speak = () => (document.documentElement.lang = locale());
speak();
followLang(speak);

// Defined last, so that the element in the page wakes up in the right language.
customElements.define("mm-host", Host);
