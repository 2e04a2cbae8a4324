import type { Cloud } from "../aws/cloud.js";
import type { AwsApi } from "../aws/api.js";
import type { ImageStore } from "../docker/image-store.js";
import { authorize } from "./authorization/authorize.js";
import { authorizedImages } from "./authorization/authorized-images.js";
import type { PolicyDocument } from "../aws/policy-document.js";
import type { Account } from "./core/account.js";
import { callerArn } from "./core/caller.js";
import type { RecordedCall } from "./core/calls.js";
import { createClient, createReceiver, requestLatency, type ClientOptions } from "./core/client.js";
import { skewedClock } from "./core/clock.js";
import { createAccount } from "./core/create-account.js";
import type { ActiveFaults } from "./core/faults.js";
import { regionalSeed, seededRandom } from "./core/random.js";
import { trackRuntime, type TrackedRuntime } from "./core/tracked-runtime.js";
import { withUnknownMembers } from "./core/unknown-members.js";
import { dockerLocalImages } from "./docker-local-images.js";
import type { RegionOfAccount } from "./local-account.js";
import type { LocalCloudOptions } from "./local-cloud-options.js";
import { localImages } from "./local-images.js";
import { createDockerRuntime } from "./runtime/docker-runtime.js";
import { entryForImage } from "./runtime/image-table.js";
import { createProcessRuntime } from "./runtime/process-runtime.js";
import { pullingRuntime } from "./runtime/pulling-runtime.js";
import { createSimulatedRuntime } from "./runtime/simulated-runtime.js";
import type { TaskRuntime } from "./runtime/task-runtime.js";
import { createServices } from "./services/create-services.js";
import { publishAmisEvery } from "./services/ec2/publish-amis.js";
import { pullImage } from "./services/ecr/pull.js";
import { policyOf } from "./services/iam/role-policy.js";
import { recordTags } from "./services/tagging/tag-index.js";
import { dockerGateway } from "./runtime/docker-gateway.js";
import { createHttpTraffic } from "./traffic/http-traffic.js";
import { createSimulatedTraffic } from "./traffic/simulated-traffic.js";
import type { Endpoint } from "./wire/endpoint.js";

/** What stays when a cloud is reset. */
export interface Kept {
  readonly calls: RecordedCall[];
  readonly faults: ActiveFaults;
}

/** All of one local cloud that is new after a reset. */
export interface Region {
  readonly own: RegionOfAccount;
  readonly account: Account;
  readonly ports: AwsApi;
  readonly images: ImageStore;
  readonly clock: Cloud["clock"];
  readonly random: () => number;
  readonly endpoint: Endpoint;
  /** Aborted when it is closed. */
  readonly closing: AbortSignal;
  /** Ends its processes, ports and timers. */
  close(why: string): Promise<void>;
}

/** Creates an empty region: an account, its services, and the client that reaches them. */
export function openRegion(
  own: RegionOfAccount,
  options: LocalCloudOptions,
  { calls, faults }: Kept,
): Region {
  const { clock, isReal: real, region } = own;
  const { seed: accountSeed = 1 } = options;
  const seed = options.account === undefined ? accountSeed : regionalSeed(accountSeed, region);
  let runtime!: TrackedRuntime;
  const account = createAccount({
    clock,
    isReal: real,
    seed,
    region,
    accountId: own.id,
    iam: own.iam,
    route53: own.route53,
    hostedZones: options.hostedZones,
    vpcs: options.vpcs,
    secrets: options.secrets,
    fileSystems: options.fileSystems,
    freePlan: options.freePlan,
    logBuckets: options.logBuckets,
    eventualConsistency: options.eventualConsistency,
    runtime: (account) => (runtime = trackRuntime(createRuntime(account, options, real))),
    certificates: options.certificates,
    taggingDelay: options.taggingDelay,
    traffic: (account) =>
      real
        ? createHttpTraffic(account, options.docker === true ? dockerGateway : undefined)
        : createSimulatedTraffic(account),
  });
  const services = createServices(account);
  if (options.amisEvery !== undefined) publishAmisEvery(account, options.amisEvery);
  faults.knows(services);
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
  const images = real && options.docker === true ? dockerLocalImages(account) : localImages(account);
  return {
    own,
    account,
    ports: createClient(services, clientOptions),
    images: options.caller === undefined ? images : authorizedImages(images, caller, account),
    clock: skewedClock(clock, (options.clockSkew ?? 0) * 1000),
    random: seededRandom(seed + 2),
    endpoint: { account, ...createReceiver(services, clientOptions) },
    closing: closing.signal,
    async close(why) {
      closing.abort(new Error(why));
      await runtime.end();
      await account.traffic.end();
      account.volumes.close();
      clock.close();
    },
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
