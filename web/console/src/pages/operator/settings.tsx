import { App as Ant, Button, Form, Input, Switch } from "antd";
import { useState, type ReactNode } from "react";
import { Problem } from "../../api/client";
import * as api from "../../api/operator";
import { ActionForm, needed } from "../../ui/form";
import { Load, useLoad } from "../../ui/load";
import { Page, Section } from "../../ui/parts";
import { commonWords } from "../../words/common";
import { operatorWords } from "../../words/operator";

export function Settings(): ReactNode {
  const t = operatorWords();
  const { message } = Ant.useApp();
  const loaded = useLoad("settings", (signal) => api.settings(signal));
  const [stale, setStale] = useState<number | null>(null); // the revision somebody else changed meanwhile
  return (
    <Page title={t.settings} lead={t.settingsLead} narrow>
      <Section>
        <Load of={loaded}>{(s) => (
          <ActionForm<api.PlatformSettings> key={s.revision} name="settings" initial={s} label={commonWords().save} beside={stale === s.revision ? <Button onClick={() => void loaded.reload()}>{t.settingsNow}</Button> : null} submit={async (v) => {
            const { name, nameEn, support = "", termsUrl = "", privacyUrl = "", selfSignUp } = v;
            try {
              loaded.set(await api.setSettings({ name, nameEn, support, termsUrl, privacyUrl, selfSignUp, revision: s.revision }));
            } catch (problem) {
              if (problem instanceof Problem && problem.status === 409) setStale(s.revision);
              throw problem;
            }
            void message.success(commonWords().saved);
          }}>
            <Form.Item name="name" label={t.nameOfPlatform} rules={needed()}><Input maxLength={30} /></Form.Item>
            <Form.Item name="nameEn" label={t.nameOfPlatformEn} rules={needed()}><Input maxLength={30} /></Form.Item>
            <Form.Item name="support" label={t.support} extra={t.supportHint}><Input maxLength={200} /></Form.Item>
            <Form.Item name="termsUrl" label={t.terms}><Input type="url" placeholder="https://" /></Form.Item>
            <Form.Item name="privacyUrl" label={t.privacyPolicy}><Input type="url" placeholder="https://" /></Form.Item>
            <Form.Item name="selfSignUp" label={t.selfSignUp} extra={t.selfSignUpHint} valuePropName="checked" required><Switch /></Form.Item>
          </ActionForm>
        )}</Load>
      </Section>
    </Page>
  );
}
