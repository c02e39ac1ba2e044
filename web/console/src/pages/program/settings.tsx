// What a program is called, where it may call, and what it says about personal data.
import { App as Ant, Form, Input } from "antd";
import { useState, type ReactNode } from "react";
import * as api from "../../api/release";
import { ActionForm, needed } from "../../ui/form";
import { Load, useLoad } from "../../ui/load";
import { Code, Facts, Note, Section } from "../../ui/parts";
import { commonWords } from "../../words/common";
import { lang } from "../../words/lang";
import { programWords } from "../../words/program";
import { IconPicker } from "../organisation/programs";
import { useProgram } from "./area";

const lines = (text: string | undefined): string[] => (text ?? "").split("\n").map((s) => s.trim()).filter(Boolean);

export function Settings(): ReactNode {
  const t = programWords();
  const c = commonWords();
  const { app, may, set, reload } = useProgram();
  const { message } = Ant.useApp();
  const kinds = useLoad("privacy-kinds", () => api.privacyKinds());
  const [icon, setIcon] = useState<File | null>(null);
  const write = may("program.write");
  const saved = (): void => void message.success(c.saved);
  return (
    <>
      {write ? null : <Note>{t.noRight}</Note>}
      <Section title={t.basics}>
        <div className="stack">
          <Facts of={[[t.id, <Code>{app.id}</Code>]]} />
          <ActionForm<{ name: string; summary: string; icon?: unknown }> key={app.name + app.summary} name="basics" disabled={!write} initial={{ name: app.name, summary: app.summary }} label={c.save} submit={async (v) => {
            let now = await api.changeApp(app.id, { name: v.name, summary: v.summary ?? "" });
            if (icon) now = await api.setIcon(app.id, icon);
            setIcon(null);
            set(now);
            await reload();
            saved();
          }}>
            <Form.Item name="icon" label={t.icon} extra={t.iconHint}><IconPicker file={icon} pick={setIcon} src={app.icon} name={app.name} id={app.id} /></Form.Item>
            <Form.Item name="name" label={t.name} extra={t.nameHint} rules={needed()}><Input maxLength={30} /></Form.Item>
            <Form.Item name="summary" label={t.summary} extra={t.summaryHint}><Input maxLength={120} /></Form.Item>
          </ActionForm>
        </div>
      </Section>
      <Section title={t.domains} lead={t.domainsLead}>
        <ActionForm<{ request: string; media: string }> name="domains" disabled={!write} initial={{ request: (app.domains.request ?? []).join("\n"), media: (app.domains.media ?? []).join("\n") }} label={c.save} submit={async (v) => {
          set(await api.setDomains(app.id, { request: lines(v.request), media: lines(v.media) }));
          await reload();
          saved();
        }}>
          <Form.Item name="request" label={t.domainsRequest}><Input.TextArea className="mono" autoSize={{ minRows: 3, maxRows: 12 }} spellCheck={false} placeholder="https://api.shop.example" /></Form.Item>
          <Form.Item name="media" label={t.domainsMedia}><Input.TextArea className="mono" autoSize={{ minRows: 2, maxRows: 12 }} spellCheck={false} placeholder="https://img.shop.example" /></Form.Item>
        </ActionForm>
      </Section>
      <Section title={t.privacy} lead={t.privacyLead}>
        <Load of={kinds}>{(page) => (
          <ActionForm<{ privacy: Record<string, string> }> name="privacy" disabled={!write} initial={{ privacy: app.privacy }} label={c.save} submit={async (v) => {
            set(await api.changeApp(app.id, { privacy: Object.fromEntries(Object.entries(v.privacy).map(([k, text]) => [k, text ?? ""])) }));
            await reload();
            saved();
          }}>
            {page.items.map((k) => (
              <Form.Item key={k.kind} name={["privacy", k.kind]} label={lang() === "zh" ? k.titleZh : k.title} extra={t.privacyHint([...k.apis.slice(0, 4).map((a) => "jd." + a), ...k.components.slice(0, 2)].join(lang() === "zh" ? "、" : ", "))}>
                <Input maxLength={200} placeholder={t.privacyPlaceholder} />
              </Form.Item>
            ))}
          </ActionForm>
        )}</Load>
      </Section>
    </>
  );
}
