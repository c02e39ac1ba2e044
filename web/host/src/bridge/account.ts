// Who the consumer is. This host has no accounts yet: programs that ask are told so at once, and can go on without.
import { CallFailed } from "./arguments";
import type { Call } from "./bridge";

const none: Call = () => {
  throw new CallFailed("this host has no account service yet");
};

export const account: Record<string, Call> = { login: none, checkSession: none, getUserInfo: none, getUserProfile: none, getPhoneNumber: none };
