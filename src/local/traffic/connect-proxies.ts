import type { Rollout } from "../services/ecs/state.js";
import { connectTargets } from "../services/ecs/connect/connect-traffic.js";
import { startHttpProxy } from "./connect-http-proxy.js";
import { startTcpProxy } from "./connect-tcp-proxy.js";
import type { ChooseUpstreams, ConnectProxy, OtherAddress } from "./connect-upstream.js";
import type { TrafficState } from "./route-request.js";

/**
 * The proxies of Service Connect. In ECS each task has one of its own; here the tasks of a deployment share one for each
 * name that they know, on a free port of this computer.
 */
export class ConnectProxies {
  readonly #account: TrafficState;
  readonly #otherAddress: (() => Promise<OtherAddress>) | undefined;
  readonly #open = new Map<Rollout, Promise<ReadonlyMap<string, ConnectProxy>>>();

  /** @param otherAddress - where containers reach the proxies, if not at the loopback address */
  constructor(account: TrafficState, otherAddress?: () => Promise<OtherAddress>) {
    this.#account = account;
    this.#otherAddress = otherAddress;
  }

  /** The ports of the names that the tasks of a deployment know: `orders:8080` -> 43123. */
  async open(rollout: Rollout): Promise<ReadonlyMap<string, number>> {
    const opening = this.#open.get(rollout) ?? this.#start(rollout);
    this.#open.set(rollout, opening);
    return new Map([...(await opening)].map(([name, { port }]) => [name, port]));
  }

  async close(rollout: Rollout): Promise<void> {
    const opened = this.#open.get(rollout);
    this.#open.delete(rollout);
    if (opened !== undefined) await Promise.all([...(await opened).values()].map((proxy) => proxy.end()));
  }

  async end(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((rollout) => this.close(rollout)));
  }

  async #start(rollout: Rollout): Promise<ReadonlyMap<string, ConnectProxy>> {
    const address = await this.#otherAddress?.();
    const opened = (rollout.connect?.known ?? []).map(async (alias) => {
      let turn = 0;
      const choose: ChooseUpstreams = (isTest = false) => {
        const targets = connectTargets(this.#account, rollout, alias, turn++, isTest);
        const reachable = targets.filter(({ isReachable }) => isReachable);
        if (targets.length > 0 && reachable.length === 0) return "unreachable";
        return reachable.flatMap(({ task, port, requestTimeout }) => {
          const real = task.realPorts.get(port);
          return real === undefined ? [] : [{ port: real, requestTimeout }];
        });
      };
      const proxy = await (alias.appProtocol === "http"
        ? startHttpProxy(choose, address)
        : startTcpProxy(choose, address));
      return [`${alias.dnsName}:${alias.port}`, proxy] as const;
    });
    return new Map(await Promise.all(opened));
  }
}
