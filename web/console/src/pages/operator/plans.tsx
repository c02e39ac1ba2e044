// Membership plans: the whole list is one form.
import { App as Ant, Button, Form, Input, InputNumber } from "antd";
import type { ReactNode } from "react";
import * as api from "../../api/operator";
import { useOperatorMay } from "../../shell/session";
import { ActionForm, needed } from "../../ui/form";
import { Icon } from "../../ui/icons";
import { Load, useLoad } from "../../ui/load";
import { Nothing, Page, Section } from "../../ui/parts";
import { commonWords } from "../../words/common";
import { operatorWords } from "../../words/operator";

type Row = { code: string; zh: string; en: string; days: number; yuan: number };

export function Plans(): ReactNode {
  const t = operatorWords();
  const may = useOperatorMay();
  const { message } = Ant.useApp();
  const loaded = useLoad("plans", () => api.plans());
  const write = may("platform.configure");
  return (
    <Page title={t.plans} lead={t.plansLead}>
      <Section id="plans">
        <Load of={loaded}>{(page) => (
          <ActionForm<{ items: Row[] }> key={JSON.stringify(page.items)} name="plans" disabled={!write} label={commonWords().save} initial={{ items: page.items.map((p) => ({ code: p.code, zh: p.name.zh, en: p.name.en, days: p.days, yuan: p.price / 100 })) }} submit={async (v) => {
            loaded.set(await api.setPlans((v.items ?? []).map((r) => ({ code: r.code, name: { zh: r.zh, en: r.en }, days: r.days, price: Math.round(r.yuan * 100) }))));
            void message.success(commonWords().saved);
          }}>
            <Form.List name="items">{(fields, { add, remove }) => (
              <div className="stack" style={{ marginBottom: 16 }}>
                {fields.length === 0 ? <Nothing title={t.noPlans} hint={t.noPlansHint} /> : null}
                {fields.map((f) => (
                  <fieldset key={f.key} className="reason plan">
                    <Form.Item name={[f.name, "code"]} label={t.code} rules={needed()}><Input className="mono" placeholder="plus-month" spellCheck={false} /></Form.Item>
                    <Form.Item name={[f.name, "zh"]} label={t.nameZh} rules={needed()}><Input /></Form.Item>
                    <Form.Item name={[f.name, "en"]} label={t.nameEn} rules={needed()}><Input /></Form.Item>
                    <Form.Item name={[f.name, "days"]} label={t.days} rules={needed()}><InputNumber min={1} precision={0} style={{ width: "100%" }} /></Form.Item>
                    <Form.Item name={[f.name, "yuan"]} label={t.price} rules={needed()}><InputNumber min={0} precision={2} style={{ width: "100%" }} /></Form.Item>
                    <Button type="text" aria-label={`${t.removePlan} ${f.name + 1}`} icon={<Icon name="close" size={16} />} onClick={() => remove(f.name)} />
                  </fieldset>
                ))}
                <div><Button icon={<Icon name="plus" />} onClick={() => add({ days: 30, yuan: 0 })}>{t.addPlan}</Button></div>
              </div>
            )}</Form.List>
          </ActionForm>
        )}</Load>
      </Section>
    </Page>
  );
}
