// The consoles: one page, for merchants, developers and the operator of the platform.
import { createRoot } from "react-dom/client";
import { restoreTheme } from "../../host/src/theme";
import { App } from "./app";
import { Look } from "./ui/look";
import { restoreLang } from "./words/lang";

restoreLang(new URLSearchParams(location.search));
restoreTheme();
createRoot(document.getElementById("console")!).render(<Look><App /></Look>);
