import type { Cloud } from "../aws/cloud.js";
import { parseDuration, DURATION_EXAMPLES } from "../spec/parsing/duration.js";
import { formatValue } from "../spec/parsing/format-value.js";
import { SpecError } from "../errors.js";
import { checkListenOptions } from "./checks/listen.js";
import { checkLoad, checkMetric } from "./checks/load.js";
import { checkLocalCloudOptions } from "./checks/local-cloud-options.js";
import type { Account } from "./core/account.js";
import type { RecordedCall } from "./core/calls.js";
import { ActiveFaults, type Faults } from "./core/faults.js";
import { notifyChanged } from "./core/notify-changed.js";
import { addRegion, endpointsOf, forgetLastRegion, type LocalAccount } from "./local-account.js";
import type { LocalCloudOptions } from "./local-cloud-options.js";
import { openRegion } from "./region.js";
import { failInstance, recommendRebalance } from "./services/auto-scaling/capacity.js";
import { metricKey } from "./services/cloudwatch/metric-value.js";
import type { Load } from "./services/cloudwatch/state.js";
import { changeCapacity, type CapacityPlace } from "./services/ec2/capacity-shortage.js";
import { publishAmis } from "./services/ec2/publish-amis.js";
import { interruptInstance } from "./services/ec2/launch-instance.js";
import type { CloudState } from "./snapshot/cloud-state.js";
import { snapshot } from "./snapshot/snapshot.js";
import { addressOf } from "./traffic/listener-address.js";
import type { Listening, ListenOptions } from "./wire/listen-options.js";

export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions?: Readonly<Record<string, string>>;
}

/** A separate AWS, inside this process. */
export interface LocalCloud extends Cloud, AsyncDisposable {
  /** Makes calls fail on purpose. */
  readonly faults: Faults;
  /**
   * Every request so far, oldest first; each attempt of a retried request counts. Of more than 50,000 the oldest are
   * dropped, so that a cloud that runs for days stays small.
   */
  readonly calls: readonly RecordedCall[];
  /** The account's state, for quayside's own tests. @internal */
  readonly account: Account;
  /**
   * The load on a service from now on, where nothing real is measured: CPU in percent of what one task has
   * reserved (300 keeps three tasks busy), memory in percent of each task's reservation, requests per minute.
   * CPU and requests are totals over all tasks.
   *
   * @param service - its name, or `cluster/service`
   */
  load(service: string, load: Load): void;
  /** The value of a custom CloudWatch metric from now on; `undefined` for no data. */
  metric(metric: MetricName, value: number | undefined): void;
  /** EC2 takes a Spot Instance back, two minutes from now. */
  interruptSpot(instanceId: string): void;
  /**
   * EC2 recommends to replace a Spot Instance, as it often does before it takes one back. A group with capacity
   * rebalancing launches its replacement, and then terminates it.
   */
  recommendRebalance(instanceId: string): void;
  /**
   * AWS publishes new ECS-optimized AMIs: the public parameters lead to them. The old AMIs stay, and instances keep
   * what they have.
   */
  publishAmis(): void;
  /**
   * EC2 has no capacity for another instance: of a type, in an Availability Zone, or of a type in a zone.
   * `available: true` ends it.
   *
   * @example
   * ```ts
   * import { localCloud } from "quayside/local";
   *
   * const cloud = localCloud({ clock: "virtual" });
   * cloud.lackCapacity({ instanceType: "t3.small", zone: "eu-west-1a" });
   * ```
   */
  lackCapacity(where: CapacityPlace): void;
  /** An instance fails its EC2 status check: Auto Scaling terminates and replaces it. */
  failStatusCheck(instanceId: string): void;
  /**
   * The certificate of the authority that signs those of HTTPS listeners, as PEM. Clients that trust it reach them:
   * `fetch(url, { dispatcher: new Agent({ connect: { ca } }) })` of `undici`, `curl --cacert`, a file that
   * `NODE_EXTRA_CA_CERTS` names. The `fetch` of `verify` trusts it by itself.
   *
   * @throws QuaysideError `package-missing` if `node-forge` is not installed.
   */
  certificateAuthority(): Promise<string>;
  /**
   * Serves the cloud over HTTP, in AWS's own protocols: any AWS SDK, the AWS CLI, Terraform and other tools reach it
   * with `AWS_ENDPOINT_URL`. Signatures are not verified. The account and the region are the request's: an access
   * key id of twelve digits names the account, and the signature's scope the region, which is created with its first
   * request, with the options of this cloud.
   *
   * @example
   * ```ts
   * import { localCloud } from "quayside/local";
   *
   * const cloud = localCloud();
   * const { url, close } = await cloud.listen({ port: 4566 }); // AWS_ENDPOINT_URL=http://127.0.0.1:4566
   * ```
   *
   * @throws SpecError if the port or the host cannot be one; Error if the port is in use.
   */
  listen(options?: ListenOptions): Promise<Listening>;
  /** The account's state as plain data that can be compared. */
  state(): CloudState;
  /**
   * Lets AWS's time pass, and with it all that happens meanwhile: a schedule fires, a `keepOld` ends, tasks start. On
   * the virtual clock it takes milliseconds. On the real one, what is due happens at once, in its order, but
   * processes and requests take the time that they need. The regions of an account share the clock.
   *
   * @param duration - such as `"60s"`, `"5m"`, `"1h"` or `"3d"`
   *
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   * import { localCloud } from "quayside/local";
   *
   * const cloud = localCloud({ clock: "virtual" });
   * await new Deployment("talk").image("talk:1").cluster("conference").on(cloud).deploy();
   * cloud.load("talk", { cpu: 300 });
   * await cloud.advance("10m");
   * console.log(cloud.state().services["conference/talk"]?.runningCount);
   * ```
   *
   * @throws SpecError if it is not a duration.
   */
  advance(duration: string): Promise<void>;
  /**
   * Deletes everything in it, as if it was new: also its `calls`, faults and loads, and the virtual clock begins
   * again. A run that is in progress ends with an error. IAM and the clock, which the regions of a `localAccount()`
   * share, remain if there are other regions.
   */
  reset(): void;
  /** Ends its processes, ports and timers. */
  close(): Promise<void>;
}

/**
 * An AWS inside this process: nothing to install, no account, no cost.
 *
 * On the real clock, services are processes of this computer behind a load balancer on 127.0.0.1, and AWS's
 * waiting times pass 20 times faster. On the virtual clock, no process runs: minutes of AWS take milliseconds,
 * the same way every time.
 *
 * @example
 * ```ts
 * import { Deployment } from "quayside";
 * import { localCloud } from "quayside/local";
 *
 * const talk = new Deployment().image("talk-service").cluster("conference-cluster");
 * const cloud = localCloud({ run: { "talk-service": { command: ["node", "server.mjs"] } } });
 * await talk.on(cloud).deploy();
 * await cloud.close(); // or `await using cloud`, where TypeScript or Node.js 24 runs it
 * ```
 */
export function localCloud(options: LocalCloudOptions = {}): LocalCloud {
  checkLocalCloudOptions(options);
  const name = options.region ?? "eu-west-1";
  const calls: RecordedCall[] = [];
  const faults = new ActiveFaults();
  let region = openRegion(addRegion({ ...options, region: name }), options, { calls, faults });
  const { account: owner, isReal: real, timeScale } = region.own;
  const endpoints = endpointsOf(owner);
  endpoints.set(name, region.endpoint);
  const listening = new Set<Listening>();
  /** The ends of what was there before a reset. */
  const ending = new Set<Promise<void>>();

  const close = async (): Promise<void> => {
    await Promise.all([...listening].map((each) => each.close()));
    if (endpoints.get(name) === region.endpoint) endpoints.delete(name);
    await Promise.all([region.close("The local cloud is closed."), ...ending]);
  };
  return {
    region: async () => region.account.region,
    get ports() {
      return region.ports;
    },
    get images() {
      return region.images;
    },
    get clock() {
      return region.clock;
    },
    local: real
      ? { clock: "real", timeScale }
      : { clock: "virtual", ...(options.seed !== undefined && { seed: options.seed }) },
    readAccountRoles: options.readAccountRoles,
    clockOffset: () => -(options.clockSkew ?? 0) * 1000,
    random: () => region.random(),
    address: (listener) => addressOf(region.account, listener),
    ...(!real && {
      answer: (request, loadBalancer) => region.account.traffic.answer!(request, loadBalancer),
    }),
    resolves: async (dnsName) =>
      [...region.account.elb.loadBalancers.values()].some(
        (one) => one.dnsName === dnsName && one.isNameVisible,
      ),
    faults,
    calls,
    get account() {
      return region.account;
    },
    load(service, load) {
      checkLoad(service, load);
      region.account.cloudWatch.loads.set(service, load);
      notifyChanged(region.account);
    },
    metric(metric, value) {
      checkMetric(metric, value);
      const { namespace, name, dimensions = {} } = metric;
      const named = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
      const key = metricKey({ namespace, name, dimensions: named });
      const { metrics } = region.account.cloudWatch;
      if (value === undefined) metrics.delete(key);
      else metrics.set(key, value);
      notifyChanged(region.account);
    },
    interruptSpot: (instanceId) => interruptInstance(region.account, instanceId),
    recommendRebalance: (instanceId) => recommendRebalance(region.account, instanceId),
    publishAmis: () => publishAmis(region.account),
    lackCapacity: (where) => changeCapacity(region.account, where),
    failStatusCheck: (instanceId) => failInstance(region.account, instanceId),
    certificateAuthority: () => region.account.traffic.certificateAuthority(),
    async listen(where = {}) {
      checkListenOptions(where);
      // Loaded only by those who listen: it needs the SDK's protocols.
      const { listen } = await import("./wire/listen.js");
      const { accountId: _own, ...others } = options;
      const create = (created: LocalAccount, inRegion: string): LocalCloud =>
        localCloud({ ...others, account: created, region: inRegion });
      const opened = await listen(where, { account: owner, region: name, create });
      listening.add(opened);
      return opened;
    },
    state: () => snapshot(region.account),
    async advance(duration) {
      const seconds = parseDuration(duration);
      if (seconds === undefined)
        throw new SpecError("The time that passes", [
          {
            path: "duration",
            message: `must be a duration, such as ${DURATION_EXAMPLES}; got ${formatValue(duration)}`,
          },
        ]);
      if (region.closing.aborted) throw region.closing.reason;
      await region.own.clock.advance(seconds * 1000);
    },
    reset() {
      if (region.closing.aborted) throw region.closing.reason;
      const { endpointUrl } = region.account;
      const end = region.close("The local cloud was reset.").finally(() => ending.delete(end));
      ending.add(end);
      calls.length = 0;
      faults.clear();
      forgetLastRegion(owner);
      const own = addRegion({ ...options, accountId: undefined, account: owner, region: name });
      region = openRegion(own, options, { calls, faults });
      region.account.endpointUrl = endpointUrl;
      endpoints.set(name, region.endpoint);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
