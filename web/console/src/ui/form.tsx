// Forms and dialogs: what the server finds wrong stands at its field, everything else above the button.
import { Alert, App, Button, Form, Modal, type FormInstance } from "antd";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { commonWords } from "../words/common";
import { explain, sortOut } from "./problem";

/** A field that must be filled in. */
export const needed = (): { required: true; whitespace?: boolean; message: string }[] => [{ required: true, message: commonWords().required }];

type FormProps<V> = {
  /** Prefix of the fields' ids. */
  name: string;
  initial?: Partial<V>;
  submit: (values: V) => Promise<unknown>;
  label: string;
  children: ReactNode | ((form: FormInstance<V>) => ReactNode);
  danger?: boolean;
  cancel?: () => void;
  /** More beside the button. */
  beside?: ReactNode;
  disabled?: boolean;
};

export function ActionForm<V extends object>({ name, initial, submit, label, children, danger, cancel, beside, disabled }: FormProps<V>): ReactNode {
  const [form] = Form.useForm<V>();
  const [busy, setBusy] = useState(false);
  const [rest, setRest] = useState<string[]>([]);
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => void (alive.current = false);
  }, []);
  const finish = async (values: V): Promise<void> => {
    setBusy(true);
    setRest([]);
    try {
      await submit(values);
    } catch (problem) {
      if (!alive.current) return;
      const paths = form.getFieldsError().map((f) => f.name);
      const { fields, rest } = sortOut(problem, paths.map((p) => p.join(".")));
      const wrong = paths.filter((p) => fields.has(p.join(".")));
      form.setFields(wrong.map((name) => ({ name: name as never, errors: fields.get(name.join("."))! })));
      if (wrong[0]) form.scrollToField(wrong[0] as never, { focus: true, block: "nearest" });
      setRest(rest);
    } finally {
      if (alive.current) setBusy(false);
    }
  };
  return (
    <Form<V> form={form} name={name} layout="vertical" requiredMark={(text, { required }) => (required ? text : <>{text}<span className="optional">{commonWords().optional}</span></>)}
      initialValues={initial as object} onFinish={(v) => void finish(v)} scrollToFirstError={{ focus: true, block: "nearest" }} disabled={disabled ?? false}>
      {typeof children === "function" ? children(form) : children}
      {rest.length > 0 ? <Alert className="form-alert" type="error" role="alert" title={rest.length === 1 ? rest[0] : <ul>{rest.map((r) => <li key={r}>{r}</li>)}</ul>} /> : null}
      <div className="form-foot">
        <Button type="primary" htmlType="submit" loading={busy} danger={danger ?? false}>{label}</Button>
        {cancel ? <Button onClick={cancel}>{commonWords().cancel}</Button> : null}
        {beside}
      </div>
    </Form>
  );
}

type DialogProps<V> = Omit<FormProps<V>, "cancel" | "name"> & { name?: string; open: boolean; title: string; lead?: ReactNode; close: () => void; width?: number };

/** A form in a dialog. It closes when the server said yes; the focus returns to what opened it. */
export function FormDialog<V extends object>({ open, title, lead, close, width = 480, submit, name = "dialog", ...form }: DialogProps<V>): ReactNode {
  const body = useRef<HTMLDivElement>(null);
  return (
    <Modal open={open} title={title} onCancel={close} footer={null} width={width} destroyOnHidden mask={{ closable: false }} afterOpenChange={(shown) => {
      // Whoever opened it wants to fill it in.
      if (shown) body.current?.querySelector<HTMLElement>("input:not([type=file]), textarea")?.focus();
    }}>
      <div ref={body}>
      {lead ? <p className="dialog-lead">{lead}</p> : null}
      <ActionForm<V> {...form} name={name} cancel={close} submit={async (v) => {
        await submit(v);
        close();
      }} />
      </div>
    </Modal>
  );
}

/** Does something and says how it went; busy until then. */
export function useAct(): { busy: boolean; act: (f: () => Promise<unknown>, done?: string) => Promise<boolean> } {
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  return {
    busy,
    act: async (f, done) => {
      setBusy(true);
      try {
        await f();
        if (done) void message.success(done);
        return true;
      } catch (problem) {
        void message.error(sortOut(problem, []).rest.join(" ") || explain(problem), 6);
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}

/** Asks before something that cannot be taken back is done. */
export function useConfirm(): (q: { title: string; text?: ReactNode; label: string; danger?: boolean; act: () => Promise<unknown>; done?: string }) => void {
  const { modal, message } = App.useApp();
  return ({ title, text, label, danger = true, act, done }) => {
    void modal.confirm({
      title, content: text, icon: null, okText: label, cancelText: commonWords().cancel, okButtonProps: { danger }, autoFocusButton: danger ? "cancel" : "ok",
      onOk: async () => {
        try {
          await act();
          if (done) void message.success(done);
        } catch (problem) {
          void message.error(sortOut(problem, []).rest.join(" "), 6);
        }
      },
    });
  };
}
