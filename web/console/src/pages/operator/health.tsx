// How the platform does: what is down, what waits, what fails.
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import * as api from "../../api/operator";
import { useOperatorMay } from "../../shell/session";
import { DataTable } from "../../table/table";
import { useAct, useConfirm } from "../../ui/form";
import { iso, number } from "../../ui/format";
import { Load, useLoad } from "../../ui/load";
import { Facts, Page, Section, Status, When } from "../../ui/parts";
import { operatorWords } from "../../words/operator";

export function HealthPage(): ReactNode {
  const t = operatorWords();
  const may = useOperatorMay();
  const confirm = useConfirm();
  const { act } = useAct();
  const loaded = useLoad("health", (signal) => api.health(signal));
  const [version, setVersion] = useState(0);
  const again = (): void => setVersion((n) => n + 1);
  const seconds = (ms: number): string => t.seconds(number(Math.round(ms / 1000)));
  return (
    <Page title={t.health} lead={t.healthLead} actions={<Button onClick={() => {
      void loaded.reload();
      again();
    }}>{t.refresh}</Button>}>
      <Load of={loaded}>{(h) => (
        <>
          <div className="grid-2">
            <Section title={t.checks}><Facts of={h.checks.map((c) => [({ database: t.checkDatabase, bus: t.checkBus, files: t.checkFiles, events: t.checkEvents, timers: t.checkTimers } as Record<string, string>)[c.name] ?? c.name, c.ok ? <Status tone="good">{t.ok}</Status> : <Status tone="bad">{t.failing}</Status>])} /></Section>
            <Section title={t.outbox}><Facts of={[[t.outboxPending, h.outbox.pending < 0 ? t.unknown : number(h.outbox.pending)], [t.oldest, h.outbox.pending > 0 ? seconds(h.outbox.oldestMs) : ""]]} /></Section>
          </div>
          <Section title={t.timers} lead={t.timersLead} flush>
            <DataTable<NonNullable<api.Health["timers"]>[number]> id="timers" plain version={h} row={(x) => x.room + x.key} load={async () => ({ items: h.timers ?? [] })} empty={{ title: t.noTimers }}
              columns={[
                { key: "room", title: t.room, value: (x) => x.room }, { key: "key", title: t.key, value: (x) => x.key, cell: (x) => <span className="mono wrap">{x.key}</span> }, { key: "attempts", title: t.attempts, value: (x) => x.attempts, end: true, tight: true },
                { key: "next", title: t.nextTry, value: (x) => x.nextAt, cell: (x) => <When at={x.nextAt} />, file: (x) => iso(x.nextAt), tight: true }, { key: "error", title: t.lastError, value: (x) => x.error, cell: (x) => <span className="wrap">{x.error}</span> },
              ]} />
          </Section>
        </>
      )}</Load>
      <Section title={t.letters} lead={t.lettersLead} flush>
        <DataTable<api.Letter> id="dead-letters" version={version} row={(l) => String(l.number)} load={() => api.deadLetters()} empty={{ title: t.noLetters }}
          columns={[
            { key: "topic", title: t.topic, value: (l) => l.topic, cell: (l) => <span className="mono">{l.topic}</span> }, { key: "consumer", title: t.consumerOf, value: (l) => l.consumer }, { key: "reason", title: t.lastError, value: (l) => l.reason, cell: (l) => <span className="wrap">{l.reason}</span> },
            { key: "tries", title: t.tries, value: (l) => l.tries, end: true, tight: true }, { key: "at", title: t.givenUp, value: (l) => l.at, cell: (l) => <When at={l.at} />, file: (l) => iso(l.at), tight: true }, { key: "event", title: "ID", value: (l) => l.event, cell: (l) => <span className="mono">{l.event}</span>, hidden: true },
          ]}
          {...(may("platform.configure") ? { actions: (l: api.Letter) => (
            <>
              <Button size="small" type="text" onClick={() => void act(async () => {
                await api.redeliverLetter(l.number);
                again();
              }, t.redelivered)}>{t.redeliver}</Button>
              <Button size="small" type="text" danger onClick={() => confirm({ title: t.discardTitle, text: t.discardText, label: t.discard, done: t.discarded, act: async () => {
                await api.discardLetter(l.number);
                again();
              } })}>{t.discard}</Button>
            </>
          ) } : {})} />
      </Section>
    </Page>
  );
}
