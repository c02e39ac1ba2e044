// Every host call by name. Arguments and answers are those of the JS API of the same name (the worker passes them on and keeps
// success, fail and complete), unless a file says otherwise. Own table without a prototype: a name like "constructor" finds nothing.
import { account } from "./account";
import type { Call } from "./bridge";
import { device } from "./device";
import { feedback } from "./feedback";
import { loading } from "./loading";
import { media } from "./media";
import { network } from "./network";
import { sharing } from "./sharing";
import { sockets } from "./sockets";
import { storage } from "./storage";

export const calls: Readonly<Record<string, Call>> = Object.freeze(
  Object.assign(Object.create(null), feedback, loading, network, sockets, storage, device, media, sharing, account),
);
