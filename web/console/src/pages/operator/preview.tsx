// A version in the host app, in place: by a ticket that holds for an hour.
import { Button } from "antd";
import type { ReactNode } from "react";
import * as api from "../../api/release";
import { Icon } from "../../ui/icons";
import { Load, useLoad } from "../../ui/load";
import { reviewWords } from "../../words/review";

export function Preview({ app, version }: { app: string; version: string }): ReactNode {
  const t = reviewWords();
  const loaded = useLoad(`${app}/${version}`, () => api.previewAny(app, version));
  return (
    <Load of={loaded}>{(link) => (
      <div className="stack">
        <p className="faint">{t.previewLead}</p>
        <iframe title={t.preview} src={link.path} style={{ width: "100%", height: 640, border: "1px solid var(--line)", borderRadius: 14, background: "var(--paper)" }} />
        <div><Button href={link.path} target="_blank" rel="noopener" icon={<Icon name="out" />}>{t.newTab}</Button></div>
      </div>
    )}</Load>
  );
}
