// WebSockets, straight from the host to the program's own domains. Operations: send {data}, close {code, reason}; events: open,
// message {data}, error {errMsg}, close {code, reason}.
import { CallFailed } from "./arguments";
import type { Call } from "./bridge";
import { connectable } from "./domains";

const open = new WeakMap<object, number>();
const most = 5;

export const sockets: Record<string, Call> = {
  connectSocket(a, context, task) {
    const checked = connectable(a.text("url", { max: 8000 }), context.launch.domains);
    if ("reason" in checked) throw new CallFailed(checked.reason);
    const count = open.get(context.signal) ?? 0;
    if (count >= most) throw new CallFailed(`${most} sockets are open, close one first`);
    const protocols = a.texts("protocols", { min: 0, max: 10, each: 100, or: [] });
    let socket: WebSocket;
    try {
      socket = new WebSocket(checked.url, protocols);
    } catch (e) {
      throw new CallFailed(e instanceof Error ? e.message : String(e));
    }
    open.set(context.signal, count + 1);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => task.emit("open", { header: {}, protocol: socket.protocol });
    socket.onmessage = (e) => task.emit("message", { data: e.data as string | ArrayBuffer });
    socket.onerror = () => task.emit("error", { errMsg: "connectSocket:fail the connection failed" });
    socket.onclose = (e) => {
      open.set(context.signal, (open.get(context.signal) ?? 1) - 1);
      task.emit("close", { code: e.code, reason: e.reason });
      task.end();
    };
    task.signal.addEventListener("abort", () => socket.close());
    task.onOp((op, arg) => {
      const o = (arg ?? {}) as { data?: unknown; code?: unknown; reason?: unknown };
      try {
        if (op === "send") {
          if (typeof o.data !== "string" && !(o.data instanceof ArrayBuffer)) throw new Error("data should be a string or an ArrayBuffer");
          socket.send(o.data);
        } else if (op === "close" || op === "abort") {
          socket.close(typeof o.code === "number" ? o.code : 1000, typeof o.reason === "string" ? o.reason.slice(0, 100) : "");
        }
      } catch (e) {
        task.emit("error", { errMsg: `${op === "send" ? "sendSocketMessage" : "closeSocket"}:fail ${e instanceof Error ? e.message : String(e)}` });
      }
    });
  },
};
