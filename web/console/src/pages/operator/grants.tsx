// What was granted, and taking it back.
import { Button, Form, Input } from "antd";
import { useState, type ReactNode } from "react";
import * as api from "../../api/capability";
import { at } from "../../router";
import { useOperatorMay } from "../../shell/session";
import { DataTable } from "../../table/table";
import { FormDialog, needed } from "../../ui/form";
import { day, iso } from "../../ui/format";
import { Page, Section, Status, When, type Tone } from "../../ui/parts";
import { capabilityWords } from "../../words/capability";
import { commonWords } from "../../words/common";
import { limitWords } from "../program/capabilities";
import { useCapabilityNames } from "./applications";

function grantState(s: api.GrantState): { name: string; tone: Tone } {
  const t = capabilityWords();
  return ({ live: { name: t.live, tone: "good" }, scheduled: { name: t.scheduled, tone: "busy" }, expired: { name: t.expired, tone: "idle" }, revoked: { name: t.revoked, tone: "bad" } } as const)[s] ?? { name: s, tone: "idle" };
}

export function Grants(): ReactNode {
  const t = capabilityWords();
  const may = useOperatorMay();
  const names = useCapabilityNames();
  const [version, setVersion] = useState(0);
  const [revoking, setRevoking] = useState<api.Grant | null>(null);
  return (
    <Page title={t.grants} lead={t.grantsLead}>
      <Section flush>
        <DataTable<api.Grant> id="grants" addressed version={version} row={(g) => g.id} to={(g) => at("/operator/programs/:app", { app: g.app })}
          filters={[{ key: "capability", label: t.capability, options: names.options }, { key: "state", label: commonWords().state, options: (["live", "scheduled", "expired", "revoked"] as const).map((value) => ({ value, label: grantState(value).name })), test: (g, v) => g.state === v }]}
          load={(a) => api.grants({ cursor: a.cursor, capability: a.capability ?? "" })} empty={{ title: t.noGrants }}
          columns={[
            { key: "app", title: t.app, value: (g) => g.appName || g.app, cell: (g) => <>{g.appName || g.app}</> },
            { key: "capability", title: t.capability, value: (g) => names.name(g.capability) },
            { key: "org", title: t.organisation, value: (g) => g.organisationName || g.organisation },
            { key: "state", title: commonWords().state, value: (g) => grantState(g.state).name, cell: (g) => <Status tone={grantState(g.state).tone}>{grantState(g.state).name}</Status>, tight: true },
            { key: "validity", title: t.validity, value: (g) => g.until, cell: (g) => (g.until ? t.until(day(g.until)) : t.forever), file: (g) => iso(g.until), tight: true },
            { key: "limits", title: t.limits, value: (g) => limitWords(g.limits).join("; "), hidden: true },
            { key: "granted", title: t.grantedAt, value: (g) => g.grantedAt, cell: (g) => <When at={g.grantedAt} />, file: (g) => iso(g.grantedAt), tight: true },
            { key: "reason", title: commonWords().reason, value: (g) => g.reason, hidden: true },
          ]}
          {...(may("capability.review") ? { actions: (g: api.Grant) => (g.state === "live" || g.state === "scheduled" ? <Button size="small" danger type="text" onClick={() => setRevoking(g)}>{t.revoke}</Button> : null) } : {})} />
      </Section>
      <FormDialog<{ reason: string }> name="revocation" open={revoking !== null} title={revoking ? t.revokeTitle(names.name(revoking.capability), revoking.appName || revoking.app) : ""} lead={t.revokeLead} close={() => setRevoking(null)} label={t.revoke} danger submit={async (v) => {
        await api.revoke(revoking!.app, revoking!.capability, v.reason);
        setVersion((n) => n + 1);
      }}><Form.Item name="reason" label={t.reasonForMerchant} rules={needed()}><Input.TextArea rows={4} maxLength={500} showCount /></Form.Item></FormDialog>
    </Page>
  );
}
