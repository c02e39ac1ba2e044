// A worker runtime for tests: runs logic bundles, answers pings, and gives the script under test a few words to speak with.
onmessage = (e) => {
  const port = e.ports[0], waiting = new Map(), tasks = new Map();
  let last = 0, started;
  self.env = e.data.env;
  self.post = (m) => port.postMessage(m);
  self.start = new Promise((done) => (started = done));
  self.on = {};
  self.show = (text) => postMessage(text);
  self.log = (...args) => post({ ev: "log", level: "log", args: args.map((a) => (typeof a === "string" ? a : JSON.stringify(a))) });
  self.call = (api, arg, events) => new Promise((done, fail) => {
    const id = ++last;
    waiting.set(id, [done, fail]);
    if (events) tasks.set(id, events);
    if (events) events.send = (task, arg) => post({ id, task, arg });
    post({ id, api, arg });
  });
  self.chrome = (more) => post({ ev: "chrome", chrome: { page: env.launch.path, title: "测试页", foreground: "black", background: "#ffffff", custom: false, loading: false, back: false, home: false, tab: -1, share: false, ...more } });
  port.onmessage = ({ data: m }) => {
    if ("code" in m) return importScripts(URL.createObjectURL(new Blob([m.code + "\n//# sourceURL=" + m.name], { type: "text/javascript" })));
    if ("on" in m) return tasks.get(m.id)?.[m.on]?.(m.data);
    if ("id" in m) {
      const [done, fail] = waiting.get(m.id);
      return "err" in m ? fail(new Error(m.err.message)) : done(m.ok);
    }
    if (m.ev === "ping" && !self.mute) post({ ev: "pong", n: m.n });
    if (m.ev === "start") started();
    self.on[m.ev]?.(m);
  };
};
