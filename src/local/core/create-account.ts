import { VolumeDirectories } from "../runtime/volume-directories.js";
import type { TaskRuntime } from "../runtime/task-runtime.js";
import { createCertificates, type CertificateOptions } from "../services/acm/certificates.js";
import { machineImages } from "../services/ec2/machine-images.js";
import { createNetwork, type VpcOptions } from "../services/ec2/default-network.js";
import type { SecretOptions } from "../services/ecs/tasks/secrets.js";
import type { FileSystemOptions } from "../services/ecs/tasks/file-systems.js";
import { emptyIam, type IamState } from "../services/iam/state.js";
import { createHostedZones, type HostedZoneOptions } from "../services/route53/hosted-zones.js";
import { emptyRoute53, type Route53State } from "../services/route53/state.js";
import { emptyServiceDiscovery } from "../services/service-discovery/state.js";
import type { Traffic } from "../traffic/traffic.js";
import type { Account } from "./account.js";
import type { LocalClock } from "./clock.js";
import { partitionOf } from "./partition.js";
import { hexIds, seededRandom } from "./random.js";

export interface AccountOptions {
  readonly clock: LocalClock;
  /** @defaultValue false */
  readonly isReal?: boolean | undefined;
  /** @defaultValue 1 */
  readonly seed?: number | undefined;
  /** @defaultValue "eu-west-1" */
  readonly region?: string | undefined;
  /** @defaultValue "123456789012" */
  readonly accountId?: string | undefined;
  /** Shared with the other regions of the account. @defaultValue an account with one region */
  readonly iam?: IamState | undefined;
  /** Shared with the other regions of the account. @defaultValue an account with one region */
  readonly route53?: Route53State | undefined;
  /** @defaultValue zones for `localhost` and the domains for documentation */
  readonly hostedZones?: readonly (string | HostedZoneOptions)[] | undefined;
  /** @defaultValue a default VPC with a subnet in each of three zones */
  readonly vpcs?: readonly VpcOptions[] | undefined;
  /** @defaultValue every name that is requested */
  readonly secrets?: readonly (string | SecretOptions)[] | undefined;
  /** @defaultValue every one that is mounted */
  readonly fileSystems?: readonly FileSystemOptions[] | undefined;
  /** @defaultValue every bucket */
  readonly logBuckets?: readonly string[] | undefined;
  /** @defaultValue false */
  readonly freePlan?: boolean | undefined;
  /** @defaultValue true */
  readonly eventualConsistency?: boolean | undefined;
  /** @defaultValue none */
  readonly certificates?: readonly CertificateOptions[] | undefined;
  /** Seconds. @defaultValue 0 */
  readonly taggingDelay?: number | undefined;
  readonly runtime: (account: Omit<Account, "runtime" | "traffic">) => TaskRuntime;
  readonly traffic: (account: Omit<Account, "traffic">) => Traffic;
}

/** Creates an account with nothing in it but its network. */
export function createAccount(options: AccountOptions): Account {
  const random = seededRandom(options.seed ?? 1);
  const region = options.region ?? "eu-west-1";
  const account: Omit<Account, "runtime" | "traffic"> = {
    clock: options.clock,
    isReal: options.isReal ?? false,
    random,
    hex: hexIds(random),
    region,
    accountId: options.accountId ?? "123456789012",
    partition: partitionOf(region),
    isConsistent: options.eventualConsistency === false,
    logBuckets: options.logBuckets && new Set(options.logBuckets),
    isOnFreePlan: options.freePlan ?? false,
    secrets:
      options.secrets &&
      new Map(
        options.secrets.map((each) =>
          typeof each === "string" ? [each, undefined] : [each.name, each.kmsKey],
        ),
      ),
    volumes: new VolumeDirectories(),
    fileSystems: options.fileSystems && new Map(options.fileSystems.map((each) => [each.id, each])),
    ec2: {
      vpcs: new Map(),
      subnets: new Map(),
      routeTables: new Map(),
      internetGateways: new Map(),
      addresses: new Map(),
      natGateways: new Map(),
      vpcEndpoints: new Map(),
      securityGroups: new Map(),
      networkInterfaces: new Map(),
      keyPairs: new Map(),
      launchTemplates: new Map(),
      instances: new Map(),
      machineImages,
      zonesWithoutCapacity: new Set(),
    },
    iam: options.iam ?? emptyIam(),
    route53: options.route53 ?? emptyRoute53(),
    autoScaling: { groups: new Map(), launchConfigurations: new Map() },
    applicationAutoScaling: {
      scalableTargets: new Map(),
      tags: new Map(),
      policies: new Map(),
      scheduledActions: new Map(),
      activities: [],
    },
    cloudWatch: {
      alarms: new Map(),
      loads: new Map(),
      metrics: new Map(),
      points: new Map(),
      measured: { cpu: new Map(), requests: new Map() },
    },
    logs: { groups: new Map(), busyUntil: new Map() },
    ecr: { repositories: new Map() },
    ecs: {
      clusters: new Map(),
      families: new Map(),
      capacityProviders: new Map(),
      managedInstances: new Map(),
      fargate: { unavailable: new Set(), maxVcpus: 500 },
    },
    elb: {
      loadBalancers: new Map(),
      targetGroups: new Map(),
      listeners: new Map(),
      rules: new Map(),
      reservedNames: new Map(),
    },
    scheduler: { groups: new Map() },
    acm: { certificates: new Map() },
    serviceDiscovery: emptyServiceDiscovery(),
    waf: { associations: new Map() },
    tagging: { delay: (options.taggingDelay ?? 0) * 1000, versions: [] },
    endpointUrl: undefined,
    events: {
      instanceRunning: [],
      instanceShuttingDown: [],
      instanceStopping: [],
      instanceInterrupted: [],
      instanceLeaving: [],
      serviceDue: [],
      capacityFound: [],
      changed: [],
      recordsChanged: [],
      namesChanged: [],
      securityGroupsChanged: [],
      alarmTriggered: [],
      everyMinute: [],
      taskReleased: [],
    },
  };
  const running = Object.assign(account, { runtime: options.runtime(account) });
  const complete: Account = Object.assign(running, { traffic: options.traffic(running) });
  createCertificates(complete, options.certificates ?? []);
  createNetwork(complete, options.vpcs ?? [{ default: true }]);
  createHostedZones(complete, options.hostedZones);
  return complete;
}
