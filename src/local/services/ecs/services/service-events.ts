import type { Account } from "../../../core/account.js";
import type { Service } from "../state.js";

const maxEvents = 100;
const suppressedFor = 6 * 60 * 60 * 1000;

/** Newest first, the last 100. With `once`, the same message is not repeated within six hours. */
export function addEvent(account: Account, service: Service, message: string, repeat?: "once"): void {
  const { serviceName, events = [] } = service.description;
  const text = `(service ${serviceName}) ${message}`;
  const now = account.clock.now();
  const isRepeated = events.some(
    (event) => event.message === text && now - (event.createdAt?.getTime() ?? 0) < suppressedFor,
  );
  if (repeat === "once" && isRepeated) return;
  const id = [8, 4, 4, 4, 12].map((length) => account.hex(length)).join("-");
  service.description.events = [{ id, createdAt: new Date(now), message: text }, ...events].slice(
    0,
    maxEvents,
  );
}
