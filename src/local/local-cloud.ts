import type { Cloud } from "../aws/cloud.js";
import type { PolicyDocument } from "../aws/policy-document.js";
import { authorize } from "./authorization/authorize.js";
import { authorizedImages } from "./authorization/authorized-images.js";
import type { Account } from "./core/account.js";
import { callerArn } from "./core/caller.js";
import type { RecordedCall } from "./core/calls.js";
import { createClient, requestLatency } from "./core/client.js";
import { skewedClock } from "./core/clock.js";
import { createAccount } from "./core/create-account.js";
import { Faults } from "./core/faults.js";
import { notifyChanged } from "./core/notify-changed.js";
import { regionalSeed, seededRandom } from "./core/random.js";
import { trackRuntime, type TrackedRuntime } from "./core/tracked-runtime.js";
import { withUnknownMembers } from "./core/unknown-members.js";
import { dockerLocalImages } from "./docker-local-images.js";
import { addRegion, type LocalAccount } from "./local-account.js";
import type { OperationsOf } from "./checks/fault.js";
import { checkLoad, checkMetric } from "./checks/load.js";
import { checkLocalCloudOptions } from "./checks/local-cloud-options.js";
import { localImages } from "./local-images.js";
import { createDockerRuntime } from "./runtime/docker-runtime.js";
import type { ImageBehavior } from "./runtime/image-behavior.js";
import { entryForImage } from "./runtime/image-table.js";
import { createProcessRuntime, type ProcessToRun } from "./runtime/process-runtime.js";
import { pullingRuntime } from "./runtime/pulling-runtime.js";
import { createSimulatedRuntime } from "./runtime/simulated-runtime.js";
import type { TaskRuntime } from "./runtime/task-runtime.js";
import type { CertificateOptions } from "./services/acm/certificates.js";
import { metricKey } from "./services/cloudwatch/metric-value.js";
import type { Load } from "./services/cloudwatch/state.js";
import { createServices } from "./services/create-services.js";
import { failStatusCheck } from "./services/auto-scaling/capacity.js";
import { interruptInstance } from "./services/ec2/launch-instance.js";
import type { VpcOptions } from "./services/ec2/default-network.js";
import type { SecretOptions } from "./services/ecs/tasks/secrets.js";
import { pullImage } from "./services/ecr/pull.js";
import { recordTags } from "./services/tagging/tag-index.js";
import { snapshot, type CloudState } from "./snapshot/snapshot.js";
import { addressOf } from "./traffic/listener-address.js";
import { createHttpTraffic } from "./traffic/http-traffic.js";
import { createSimulatedTraffic } from "./traffic/simulated-traffic.js";

export interface LocalCloudOptions {
  /**
   * Image -> the process that runs for it, with its port in `PORT`. The longest matching name wins. Real clock
   * only.
   */
  readonly run?: Readonly<Record<string, ProcessToRun>>;
  /**
   * True: directories are built with this computer's Docker, and their tasks, and those of images that `run`
   * and `images` do not cover, are real containers with their limits. Real clock only.
   * @defaultValue `false`: Docker is not needed
   */
  readonly docker?: boolean;
  /**
   * Image -> the behavior of its simulated task: exits, is unhealthy, cannot be pulled. Other images keep
   * running.
   */
  readonly images?: Readonly<Record<string, ImageBehavior>>;
  /**
   * How many times faster AWS's time passes on the real clock; requests are not accelerated. @defaultValue 20
   */
  readonly timeScale?: number;
  /**
   * `virtual`: no real time passes, no process runs, and the same seed takes the same course. @defaultValue
   * "real"
   */
  readonly clock?: "real" | "virtual";
  /** The seed of identifiers and of random choices. @defaultValue 1 */
  readonly seed?: number;
  /** @defaultValue "eu-west-1" */
  readonly region?: string;
  /**
   * The account: its regions share IAM, and the clock. Any region can be the first.
   * @defaultValue an account of its own, with the id `accountId`
   */
  readonly account?: LocalAccount;
  /** The id of an account of its own: twelve digits. @defaultValue "123456789012" */
  readonly accountId?: string;
  /**
   * Names or ARNs of the parameters and secrets that exist; with `kmsKey`, the value is encrypted with that
   * customer-managed key, and reading it needs `kms:Decrypt`. @defaultValue every one that a task refers to
   */
  readonly secrets?: readonly (string | SecretOptions)[];
  /** The networks of the account. @defaultValue a default VPC with a subnet in each of three zones */
  readonly vpcs?: readonly VpcOptions[];
  /**
   * True for an account on AWS's free plan, which may launch only `t3.micro`, `t3.small`, `t4g.micro`, `t4g.small`,
   * `c7i-flex.large` and `m7i-flex.large`. @defaultValue `false`
   */
  readonly freePlan?: boolean;
  /**
   * The certificates in ACM. On the real clock, HTTPS listeners speak TLS with them, signed by the cloud's own
   * authority (`certificateAuthority()`); this needs the package `node-forge`. They are also for 127.0.0.1, where
   * the listeners are. @defaultValue none
   */
  readonly certificates?: readonly CertificateOptions[];
  /**
   * The identity-based policy of the caller, such as the one that `permissions()` of a chain returns: what it
   * does not allow is denied, with AWS's errors. It applies to every call, but not to what AWS's services do by
   * themselves. A function is called for each request, if the caller changes; `undefined` allows everything.
   *
   * @defaultValue everything is allowed
   */
  readonly caller?: PolicyDocument | (() => PolicyDocument | undefined);
  /**
   * Seconds that the computer's clock is ahead of AWS's; negative: behind it. Requests are signed and accepted
   * all the same, as the AWS SDK corrects their time. @defaultValue 0
   */
  readonly clockSkew?: number;
  /**
   * Seconds after which the tagging API knows of new, changed and deleted resources and tags: on AWS it is
   * eventually consistent. @defaultValue 0
   */
  readonly taggingDelay?: number;
  /**
   * True if every answer also has members that no SDK knows, as AWS adds them over the years: they must be no
   * difference to what is described. @defaultValue `false`
   */
  readonly unknownMembers?: boolean;
}

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
    freePlan: options.freePlan,
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
  const ports = createClient(services, {
    clock,
    random: clientRandom,
    faults,
    calls,
    latency: requestLatency(clock, clientRandom, real),
    closing: closing.signal,
    authorize: (service, operation, input) => authorize(caller(), { service, operation, input }, account),
    caller: callerArn(account),
    onChange: () => recordTags(account),
    ...(options.unknownMembers === true && { answer: withUnknownMembers }),
  });
  const images = real && options.docker === true ? dockerLocalImages(account) : localImages(account);

  const close = async (): Promise<void> => {
    closing.abort(new Error("The local cloud is closed."));
    await runtime.end();
    await account.traffic.end();
    clock.close();
  };
  return {
    region: async () => account.region,
    ports,
    images: options.caller === undefined ? images : authorizedImages(images, caller, account),
    clock: skewedClock(clock, skew),
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
    failStatusCheck: (instanceId) => failStatusCheck(account, instanceId),
    certificateAuthority: () => account.traffic.certificateAuthority(),
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
