// Loading something a page shows: once per key, again on demand, with what went wrong and a way to try again.
import { Button, Skeleton } from "antd";
import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import { Problem } from "../api/client";
import { commonWords } from "../words/common";
import { explain } from "./problem";

export type Loaded<T> = {
  data: T | undefined;
  problem: unknown;
  /** Loads anew; what is shown stays until the answer is there. */
  reload: () => Promise<void>;
  set: (data: T) => void;
};

/** Loads what the key names; another key is another thing. */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ key: string; data?: T; problem?: unknown }>({ key });
  const newest = useRef(load);
  newest.current = load;
  const asking = useRef<AbortController | null>(null);
  const reload = useCallback(async () => {
    asking.current?.abort();
    const mine = (asking.current = new AbortController());
    try {
      const data = await newest.current(mine.signal);
      if (!mine.signal.aborted) setState({ key, data });
    } catch (problem) {
      if (!mine.signal.aborted) setState((s) => (s.key === key && s.data !== undefined ? { key, data: s.data, problem } : { key, problem }));
    }
  }, [key]);
  useEffect(() => {
    void reload();
    return () => asking.current?.abort();
  }, [reload]);
  const now = state.key === key ? state : { key };
  return { data: now.data, problem: now.problem, reload, set: (data) => setState({ key, data }) };
}

/** Draws what was loaded, bones until then, and what went wrong instead. */
export function Load<T>({ of, children, rows = 4 }: { of: Loaded<T>; children: (data: T) => ReactNode; rows?: number }): ReactNode {
  if (of.data !== undefined) return children(of.data);
  if (of.problem !== undefined) return <Trouble problem={of.problem} retry={of.reload} />;
  return <div className="bones" role="status" aria-label={commonWords().loading}><Skeleton active title={false} paragraph={{ rows }} /></div>;
}

export function Trouble({ problem, retry }: { problem: unknown; retry?: () => unknown }): ReactNode {
  const t = commonWords();
  const gone = problem instanceof Problem && problem.status === 404;
  return (
    <div className="nothing" role="alert">
      <h3>{gone ? t.notFound : t.failedToLoad}</h3>
      <p>{explain(problem)}</p>
      {retry && !gone ? <Button onClick={() => void retry()}>{t.retry}</Button> : null}
    </div>
  );
}
