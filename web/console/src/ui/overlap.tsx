// How long an old key lives on beside its successor.
import { Form, Select } from "antd";
import type { ReactNode } from "react";
import { keyWords } from "../words/keys";
import { needed } from "./form";

/** The field "overlap", in seconds; most is in days. */
export function Overlap({ most }: { most: number }): ReactNode {
  const t = keyWords();
  const hour = 3600, day = 24 * hour;
  const all: [number, string][] = [[0, t.atOnce], [hour, t.hours(1)], [day, t.days(1)], [7 * day, t.days(7)], [30 * day, t.days(30)]];
  return (
    <Form.Item name="overlap" label={t.overlap} rules={needed()}>
      <Select options={all.filter(([s]) => s <= most * day).map(([value, label]) => ({ value, label }))} />
    </Form.Item>
  );
}
