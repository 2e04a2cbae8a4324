import type { Cloud } from "../aws/cloud.js";
import type { PolicyDocument } from "../aws/policy-document.js";
import { authorize } from "./authorization/authorize.js";
import { authorizedImages } from "./authorization/authorized-images.js";
import type { Account } from "./core/account.js";
import { callerArn } from "./core/caller.js";
import type { RecordedCall } from "./core/calls.js";
import { createClient, createReceiver, requestLatency, type ClientOptions } from "./core/client.js";
import { skewedClock } from "./core/clock.js";
import { createAccount } from "./core/create-account.js";
import { Faults } from "./core/faults.js";
import { notifyChanged } from "./core/notify-changed.js";
import { regionalSeed, seededRandom } from "./core/random.js";
import { trackRuntime, type TrackedRuntime } from "./core/tracked-runtime.js";
import { withUnknownMembers } from "./core/unknown-members.js";
import { dockerLocalImages } from "./docker-local-images.js";
import type { OperationsOf } from "./checks/fault.js";
import { checkLoad, checkMetric } from "./checks/load.js";
import { checkLocalCloudOptions } from "./checks/local-cloud-options.js";
import { addRegion, endpointsOf, type LocalAccount } from "./local-account.js";
import type { LocalCloudOptions } from "./local-cloud-options.js";
import { localImages } from "./local-images.js";
import { createDockerRuntime } from "./runtime/docker-runtime.js";
import { entryForImage } from "./runtime/image-table.js";
import { createProcessRuntime } from "./runtime/process-runtime.js";
import { pullingRuntime } from "./runtime/pulling-runtime.js";
import { createSimulatedRuntime } from "./runtime/simulated-runtime.js";
import type { TaskRuntime } from "./runtime/task-runtime.js";
import { metricKey } from "./services/cloudwatch/metric-value.js";
import type { Load } from "./services/cloudwatch/state.js";
import { createServices } from "./services/create-services.js";
import { failInstance } from "./services/auto-scaling/capacity.js";
import { interruptInstance } from "./services/ec2/launch-instance.js";
import { pullImage } from "./services/ecr/pull.js";
import { policyOf } from "./services/iam/role-policy.js";
import { recordTags } from "./services/tagging/tag-index.js";
import { snapshot, type CloudState } from "./snapshot/snapshot.js";
import { addressOf } from "./traffic/listener-address.js";
import { createHttpTraffic } from "./traffic/http-traffic.js";
import { createSimulatedTraffic } from "./traffic/simulated-traffic.js";
import type { Endpoint } from "./wire/endpoint.js";
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
   * const { url, close } = await cloud.listen({ port: 4566 }); // AWS_ENDPOINT_URL=http://127.0.0.1:4566
   * ```
   *
   * @throws Error if the port is in use.
   */
  listen(options?: ListenOptions): Promise<Listening>;
  /** The account's state as plain data that can be compared. */
  state(): CloudState;
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
 * await using cloud = localCloud({ run: { "talk-service": { command: ["node", "server.mjs"] } } });
 * await talk.on(cloud).deploy();
 * ```
 */
export function localCloud(options: LocalCloudOptions = {}): LocalCloud {
  checkLocalCloudOptions(options);
  const region = options.region ?? "eu-west-1";
  const own = addRegion({ ...options, region });
  const { clock, isReal: real } = own;
  const { seed: accountSeed = 1 } = options;
  const seed = options.account === undefined ? accountSeed : regionalSeed(accountSeed, region);
  const skew = (options.clockSkew ?? 0) * 1000;
  let runtime!: TrackedRuntime;
  const account = createAccount({
    clock,
    isReal: real,
    seed,
    region,
    accountId: own.id,
    iam: own.iam,
    vpcs: options.vpcs,
    secrets: options.secrets,
    fileSystems: options.fileSystems,
    freePlan: options.freePlan,
    eventualConsistency: options.eventualConsistency,
    runtime: (account) => (runtime = trackRuntime(createRuntime(account, options, real))),
    certificates: options.certificates,
    taggingDelay: options.taggingDelay,
    traffic: (account) => (real ? createHttpTraffic(account) : createSimulatedTraffic(account)),
  });
  const services = createServices(account);
  const faults = new Faults(services as unknown as OperationsOf);
  const calls: RecordedCall[] = [];
  const closing = new AbortController();
  // Separate sequences, so that random numbers drawn by requests do not change the identifiers.
  const clientRandom = seededRandom(seed + 1);
  const caller = (): PolicyDocument | undefined =>
    typeof options.caller === "function" ? options.caller() : options.caller;
  const clientOptions: ClientOptions = {
    clock,
    random: clientRandom,
    faults,
    calls,
    latency: requestLatency(clock, clientRandom, real),
    closing: closing.signal,
    authorize: (service, operation, input, principal) => {
      const policy = caller();
      // A role that was not created in this cloud is assumed to allow everything.
      const own = principal?.identity && policyOf(account, principal.identity);
      const applies = principal === undefined ? policy : policy && own;
      authorize(applies, { service, operation, input }, account, principal?.arn);
    },
    caller: callerArn(account),
    onChange: () => recordTags(account),
    ...(options.unknownMembers === true && { answer: withUnknownMembers }),
  };
  const ports = createClient(services, clientOptions);
  const receiver = createReceiver(services, clientOptions);
  const endpoint: Endpoint = { account, ...receiver };
  const endpoints = endpointsOf(own.account);
  endpoints.set(region, endpoint);
  const listening = new Set<Listening>();
  const images = real && options.docker === true ? dockerLocalImages(account) : localImages(account);

  const close = async (): Promise<void> => {
    await Promise.all([...listening].map((each) => each.close()));
    if (endpoints.get(region) === endpoint) endpoints.delete(region);
    closing.abort(new Error("The local cloud is closed."));
    await runtime.end();
    await account.traffic.end();
    account.volumes.close();
    clock.close();
  };
  return {
    region: async () => account.region,
    ports,
    images: options.caller === undefined ? images : authorizedImages(images, caller, account),
    clock: skewedClock(clock, skew),
    local: real ? { clock: "real", timeScale: own.timeScale } : { clock: "virtual" },
    clockOffset: () => -skew,
    random: seededRandom(seed + 2),
    address: (listener) => addressOf(account, listener),
    resolves: async (dnsName) =>
      [...account.elb.loadBalancers.values()].some((one) => one.dnsName === dnsName && one.isNameVisible),
    faults,
    calls,
    account,
    load(service, load) {
      checkLoad(service, load);
      account.cloudWatch.loads.set(service, load);
      notifyChanged(account);
    },
    metric(metric, value) {
      checkMetric(metric, value);
      const { namespace, name, dimensions = {} } = metric;
      const named = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
      const key = metricKey({ namespace, name, dimensions: named });
      if (value === undefined) account.cloudWatch.metrics.delete(key);
      else account.cloudWatch.metrics.set(key, value);
      notifyChanged(account);
    },
    interruptSpot: (instanceId) => interruptInstance(account, instanceId),
    failStatusCheck: (instanceId) => failInstance(account, instanceId),
    certificateAuthority: () => account.traffic.certificateAuthority(),
    async listen(where = {}) {
      // Loaded only by those who listen: it needs the SDK's protocols.
      const { listen } = await import("./wire/listen.js");
      const { accountId: _own, ...others } = options;
      const create = (created: LocalAccount, inRegion: string): LocalCloud =>
        localCloud({ ...others, account: created, region: inRegion });
      const opened = await listen(where, { account: own.account, region, create });
      listening.add(opened);
      return opened;
    },
    state: () => snapshot(account),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function createRuntime(
  account: Omit<Account, "runtime" | "traffic">,
  { images = {}, run = {}, docker = false }: LocalCloudOptions,
  real: boolean,
): TaskRuntime {
  const { clock } = account;
  const built = (reference: string) => {
    const image = pullImage(account, reference);
    return typeof image === "object" && image.content.type === "process" ? image.content.process : undefined;
  };
  const isConfigured = (image: string) =>
    entryForImage(run, image) !== undefined || entryForImage(images, image) !== undefined;
  const imageOf = (reference: string): string | undefined => {
    if (isConfigured(reference)) return undefined;
    const image = pullImage(account, reference);
    if (image === "elsewhere") return reference;
    return image?.content.type === "docker" ? image.content.imageId : undefined;
  };
  const otherwise = real
    ? createProcessRuntime({ clock, run, built, images })
    : createSimulatedRuntime({ clock, images });
  const runtime = real && docker ? createDockerRuntime({ clock, imageOf, otherwise }) : otherwise;
  return pullingRuntime(account, runtime, isConfigured);
}
