import type { Account } from "../core/account.js";
import type { LocalClock } from "../core/clock.js";
import { keyNotKnown } from "../core/caller.js";
import { Throttle } from "../core/throttle.js";
import { principalOf } from "../services/iam/principal.js";
import type { Endpoint } from "./endpoint.js";
import type { Listening, ListenOptions } from "./listen-options.js";
import { forwardToLoadBalancer } from "./forward.js";
import { Pace } from "./pace.js";
import { Regions, type RegionsOptions } from "./regions.js";
import { serve } from "./serve.js";
import { answerTask } from "./task-metadata/answer-task.js";
import { whenReady } from "./when-ready.js";

/** Serves a local cloud over HTTP, and with it the other regions and accounts that requests name. */
export async function listen(
  { port = 4566, host = "127.0.0.1", throttling = false }: ListenOptions,
  options: RegionsOptions,
): Promise<Listening> {
  const regions = new Regions(options);
  const throttles = new WeakMap<Endpoint, Throttle>();
  const throttleOf = (endpoint: Endpoint): Throttle | undefined => {
    if (!throttling) return undefined;
    const throttle = throttles.get(endpoint) ?? new Throttle(endpoint.account.clock);
    throttles.set(endpoint, throttle);
    return throttle;
  };
  const paces = new WeakMap<LocalClock, Pace>();
  /** A real clock passes by itself. */
  const paceOf = ({ isReal, clock }: Account): Pace | undefined => {
    if (isReal) return undefined;
    const pace = paces.get(clock) ?? new Pace(clock);
    paces.set(clock, pace);
    return pace;
  };
  const server = await serve(
    { port, host },
    {
      forward: (message, response) => forwardToLoadBalancer(message, response, regions.reached()),
      locally: (request) => whenReady(request) ?? answerTask(request, regions.reached()),
      find: (accountId, region) => regions.find(accountId, region),
      send: async (endpoint, service, method, input, accessKeyId = "") => {
        await paceOf(endpoint.account)?.keep();
        const principal = principalOf(endpoint.account, accessKeyId);
        if (principal === "inactive") throw keyNotKnown(service);
        return endpoint.send(service, method, input, throttleOf(endpoint), principal);
      },
    },
  );
  regions.url = server.url;
  regions.find(undefined, undefined);
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= server.close().then(() => regions.close()));
  return { url: server.url, close, [Symbol.asyncDispose]: close };
}
