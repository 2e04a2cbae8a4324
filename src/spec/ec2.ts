import { instanceSecurityGroupName } from "./derived-names.js";
import { parseAgent } from "./host-agent.js";
import { parseHostVolume, type HostVolumeOptions, type HostVolumeSpec } from "./host-volume.js";
import { parseKeyPair, type KeyPairOptions, type KeyPairSpec } from "./key-pair.js";
import { ROLE_NAME, SECURITY_GROUP_NAME } from "./names.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import type { InstanceScalingSpec } from "./scaling/cluster-autoscale.js";

/**
 * The EC2 instances of a cluster. Tasks use the network interface of their instance (bridge mode) with
 * dynamic host ports, so only CPU and memory limit how many tasks fit on an instance.
 */
export interface Ec2Options {
  /**
   * The instance type. The largest task must fit on one instance. Accounts on AWS's free plan (opened since July 15,
   * 2025) may launch `t3.micro`, `t3.small`, `t4g.micro`, `t4g.small`, `c7i-flex.large` and `m7i-flex.large`.
   *
   * A type of another architecture applies to instances that are launched from then on; with `refresh: "on-deploy"`, one
   * deploy replaces the others. While instances of both run, an image that quayside builds is for both architectures.
   * @defaultValue `"t3.small"`
   * @throws QuaysideError `unknown-instance-type`, `different-architectures`, before anything is changed
   */
  readonly instanceType?: string | undefined;
  /**
   * Several instance types instead of one, of the same architecture, the first being preferred on demand: an Auto
   * Scaling group with a mixed instances policy. Spot capacity of several types is interrupted and lacking less often.
   */
  readonly instanceTypes?: readonly string[] | undefined;
  /**
   * The operating system: the ECS-optimized Amazon Linux 2023 AMI, the one with NVIDIA drivers, or Bottlerocket. Not
   * with `ami`. @defaultValue Amazon Linux 2023, with the drivers that the instance type needs
   */
  readonly os?: "al2023" | "al2023-gpu" | "bottlerocket" | undefined;
  /**
   * The id of a Linux AMI with the ECS agent, of the instance type's architecture. Bottlerocket's agent is configured
   * by settings instead of a script.
   * @defaultValue the ECS-optimized Amazon Linux 2023 AMI that AWS recommends for the instance type (its architecture,
   * its GPUs or Neuron devices) when the launch template is created. It is kept until the instance type needs another
   * one, or AWS deregisters it: newer recommendations do not replace instances
   * @throws QuaysideError `ami-not-found`, `ami-architecture`, `ami-platform`, before anything is changed
   */
  readonly ami?: string | undefined;
  /**
   * The key pair for SSH: the name of an existing key pair, or `{ name, createTo }` to create a missing one
   * and write its private key to a file (mode 0600).
   * @defaultValue none
   */
  readonly keyPair?: string | KeyPairOptions | undefined;
  /** The name of the instances' security group, which accepts traffic from the load balancer only. @defaultValue `{cluster}-instances` */
  readonly securityGroup?: string | undefined;
  /**
   * The name of the instances' IAM role and instance profile: 1 to 64 letters, digits and `_+=,.@-`. IAM has one
   * namespace for all regions of the account: a cluster in another region needs another name, and is refused
   * with an `OwnershipError` (code `not-owned`) otherwise.
   * @defaultValue `{cluster}-instance-role-{region}`, such as `prod-instance-role-eu-west-1`
   */
  readonly instanceRole?: string | undefined;
  /**
   * True for Spot Instances, which cost less but can be interrupted with two minutes' notice; or the share of instances
   * that are on demand: the first `onDemandBase` instances, and `onDemandPercent` percent of those above.
   *
   * ECS drains an instance that is interrupted (`ECS_ENABLE_SPOT_INSTANCE_DRAINING`), and Auto Scaling replaces one that
   * is likely to be before (capacity rebalancing). With a share or several types, the allocation strategy is
   * `price-capacity-optimized`. @defaultValue `false`
   */
  readonly spot?: boolean | SpotOptions | undefined;
  /** The EBS volume of each instance. @defaultValue that of the AMI */
  readonly volume?: HostVolumeOptions | undefined;
  /**
   * True for a public IPv4 address for each instance, which AWS bills. Instances without one have no way out of a public
   * subnet. @defaultValue as the subnet has it; `true` in a subnet whose route to the internet needs it
   * @throws QuaysideError `no-egress` for `false` in public subnets, unless the VPC has the endpoints that instances need
   */
  readonly publicIp?: boolean | undefined;
  /** True to open sessions on the instances with AWS Systems Manager Session Manager, without keys or open ports. @defaultValue `false` */
  readonly sessionManager?: boolean | undefined;
  /** The ARNs of IAM policies that the instances' role gets besides those that ECS needs. @defaultValue none */
  readonly instanceRolePolicies?: readonly string[] | undefined;
  /**
   * Settings of the ECS agent by its variables, such as `{ ECS_IMAGE_PULL_BEHAVIOR: "prefer-cached" }`. On Bottlerocket,
   * those that have a setting there. Source: ECS Developer Guide, "Container agent configuration". @defaultValue none
   */
  readonly agent?: Readonly<Record<string, string>> | undefined;
  /**
   * How many network hops an answer of the instance metadata service travels, 1 to 64. Containers on the bridge network
   * are two hops away: with 2, tasks get at the instance's role. @defaultValue 1
   */
  readonly metadataHopLimit?: number | undefined;
  /**
   * When instances that run get a new AMI, type, tag, user data or other setting of this description. A launch template
   * reaches only instances that are launched from then on.
   *
   * - `"manual"`: by `cluster.refresh()`. Until then the plan and `status().hosts` say which instances are out of date.
   * - `"on-deploy"`: by every deploy that finds such instances, also if only ECS recommends a newer AMI. Auto Scaling's
   *   instance refresh launches a new instance, drains an old one, and so on, for minutes an instance.
   *
   * @defaultValue `"manual"`
   */
  readonly refresh?: "manual" | "on-deploy" | undefined;
  /**
   * The names of existing CloudWatch alarms, at most 10: a refresh fails, and is rolled back, if one of them is in the
   * state ALARM. Source: EC2 Auto Scaling API reference, AlarmSpecification. @defaultValue none
   * @throws QuaysideError `alarm-missing`, before anything is changed
   */
  readonly refreshAlarms?: readonly string[] | undefined;
  /**
   * Shell commands, at most 15 KB, that run after quayside's own at the first boot of each instance. Not on
   * Bottlerocket. @throws QuaysideError `user-data-not-supported`, before anything is changed
   */
  readonly userData?: string | undefined;
}

/** The on-demand part of Spot capacity. */
export interface SpotOptions {
  /** The number of instances that are always on demand. @defaultValue 0 */
  readonly onDemandBase?: number | undefined;
  /** Percent of the instances above the base that are on demand, 0 to 100. @defaultValue 0 */
  readonly onDemandPercent?: number | undefined;
}

export interface Ec2CapacitySpec {
  readonly type: "ec2";
  /** The first of the types. */
  readonly instanceType: string;
  readonly instanceTypes: readonly string[];
  readonly os: "al2023" | "al2023-gpu" | "bottlerocket" | undefined;
  /** `undefined`: the ECS-optimized Amazon Linux 2023 AMI that AWS recommends when the launch template is created. */
  readonly ami: string | undefined;
  readonly keyPair: KeyPairSpec | undefined;
  readonly securityGroup: string;
  /** `undefined`: the derived name, which contains the region. */
  readonly instanceRole: string | undefined;
  /** True if some instances are on Spot. */
  readonly spot: boolean;
  /** Set if the group has several types, or only a share of its instances is on Spot. */
  readonly mixed: MixedSpec | undefined;
  readonly volume: HostVolumeSpec | undefined;
  /** `undefined`: as the network needs it. */
  readonly publicIp: boolean | undefined;
  readonly sessionManager: boolean;
  readonly instanceRolePolicies: readonly string[];
  readonly agent: Readonly<Record<string, string>>;
  readonly metadataHopLimit: number;
  readonly refresh: "manual" | "on-deploy";
  readonly refreshAlarms: readonly string[];
  /** Shell commands that run after quayside's own at the first boot of each instance. */
  readonly userData: string | undefined;
  readonly min: number;
  readonly max: number;
  /** `undefined`: the number of instances is not scaled. */
  readonly scaling: InstanceScalingSpec | undefined;
}

export interface MixedSpec {
  readonly onDemandBase: number;
  readonly onDemandPercent: number;
}

const DEFAULT_INSTANCE_TYPE = "t3.small";
/** `t3.small`, `m7i-flex.large`, `u-6tb1.56xlarge`, `mac2-m2pro.metal`. */
const INSTANCE_TYPE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.(?:[a-z0-9]+)(?:-[a-z0-9]+)*$/;
const AMI = /^ami-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;
/** EC2's limit of 16 KB, less 1 KB for quayside's own commands. Source: EC2 User Guide, "Run commands when you launch". */
const MAX_USER_DATA = 15 * 1024;

/** Source: EC2 Auto Scaling API reference, AlarmSpecification. */
const MAX_ALARMS = 10;

export const POLICY_ARN = /^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/.+$/;

function parseTypes(options: OptionsReader<Ec2Options>): readonly [string, ...string[]] {
  const one = options.string("instanceType", "an EC2 instance type");
  const several = options.strings("instanceTypes");
  if (one !== undefined && several !== undefined)
    options.issue("instanceTypes", "is not supported with instanceType: remove one of the two");
  if (several !== undefined && (several.length === 0 || several.length > 40))
    options.issue("instanceTypes", "must have 1 to 40 instance types");
  if (several !== undefined && new Set(several).size < several.length)
    options.issue("instanceTypes", "must be different instance types");
  const [key, types] =
    several === undefined
      ? (["instanceType", one === undefined ? [] : [one]] as const)
      : (["instanceTypes", several] as const);
  for (const type of types)
    if (!INSTANCE_TYPE.test(type))
      options.issue(
        key,
        `must be ${several === undefined ? "an EC2 instance type" : "EC2 instance types"}, {family}.{size}, such as "t3.small"; got ${formatValue(type)}`,
      );
  const [first = DEFAULT_INSTANCE_TYPE, ...others] = types;
  return [first, ...others];
}

function parseSpot(value: unknown, path: string, issues: Issues): boolean | MixedSpec {
  if (value === undefined || typeof value === "boolean") return value ?? false;
  if (typeof value !== "object") {
    issues.add(path, `must be true, false, or { onDemandBase, onDemandPercent }; got ${formatValue(value)}`);
    return false;
  }
  const options = new OptionsReader<SpotOptions>(value, path, issues);
  const onDemandBase = options.integer("onDemandBase", { min: 0 }) ?? 0;
  const onDemandPercent = options.integer("onDemandPercent", { min: 0, max: 100 }, " percent") ?? 0;
  options.close();
  return { onDemandBase, onDemandPercent };
}

/** A launch template alone has one type, and all instances on Spot or none. */
function mixedOf(spot: boolean | MixedSpec, types: readonly string[]): MixedSpec | undefined {
  if (typeof spot === "object") return spot;
  if (types.length === 1) return undefined;
  return { onDemandBase: 0, onDemandPercent: spot ? 0 : 100 };
}

export function parseEc2(
  cluster: string,
  value: unknown,
  issues: Issues,
): Omit<Ec2CapacitySpec, "min" | "max" | "scaling"> {
  const options = new OptionsReader<Ec2Options>(value, "cluster.ec2", issues);
  const instanceTypes = parseTypes(options);
  const os = options.oneOf("os", ["al2023", "al2023-gpu", "bottlerocket"]);
  const ami = options.string("ami", "an AMI id");
  if (ami !== undefined && !AMI.test(ami)) {
    options.issue("ami", `must be an AMI id, such as "ami-0abcdef1234567890"; got ${formatValue(ami)}`);
  }
  const keyPair = parseKeyPair(options.raw("keyPair"), options.pathOf("keyPair"), issues);
  const securityGroup = options.name("securityGroup", SECURITY_GROUP_NAME);
  const instanceRole = options.name("instanceRole", ROLE_NAME);
  if (os !== undefined && ami !== undefined)
    options.issue("os", "is not supported with ami, which decides it: remove one of the two");
  const spot = parseSpot(options.raw("spot"), options.pathOf("spot"), issues);
  const snapshot = ami === undefined ? (os === "bottlerocket" ? 20 : 30) : undefined;
  const volume = parseHostVolume(options.raw("volume"), options.pathOf("volume"), snapshot, issues);
  const publicIp = options.boolean("publicIp");
  const sessionManager = options.boolean("sessionManager") ?? false;
  const instanceRolePolicies = options.strings("instanceRolePolicies") ?? [];
  for (const arn of instanceRolePolicies)
    if (!POLICY_ARN.test(arn))
      options.issue(
        "instanceRolePolicies",
        `must be ARNs of IAM policies, arn:aws:iam::…:policy/…; got ${formatValue(arn)}`,
      );
  const agent = parseAgent(options, os);
  const metadataHopLimit = options.integer("metadataHopLimit", { min: 1, max: 64 }) ?? 1;
  const refresh = options.oneOf("refresh", ["manual", "on-deploy"]) ?? "manual";
  const refreshAlarms = options.strings("refreshAlarms") ?? [];
  if (refreshAlarms.length > MAX_ALARMS || new Set(refreshAlarms).size < refreshAlarms.length)
    options.issue("refreshAlarms", `must be at most ${MAX_ALARMS} different alarms`);
  const userData = parseUserData(options);
  if (userData !== undefined && os === "bottlerocket")
    options.issue("userData", "is not supported on Bottlerocket, which has no shell: remove it, or os");
  options.close();
  return {
    type: "ec2",
    instanceType: instanceTypes[0]!,
    instanceTypes,
    os,
    ami,
    keyPair,
    securityGroup: securityGroup ?? instanceSecurityGroupName(cluster),
    instanceRole,
    spot: spot !== false,
    mixed: mixedOf(spot, instanceTypes),
    volume,
    publicIp,
    sessionManager,
    instanceRolePolicies,
    agent,
    metadataHopLimit,
    refresh,
    refreshAlarms,
    userData,
  };
}

function parseUserData(options: OptionsReader<Ec2Options>): string | undefined {
  const userData = options.string("userData", "shell commands");
  if (userData === undefined) return undefined;
  const bytes = Buffer.byteLength(userData);
  if (bytes > MAX_USER_DATA) {
    options.issue(
      "userData",
      `must be at most ${MAX_USER_DATA} bytes (EC2's limit of 16 KB, less quayside's own commands); got ${bytes}`,
    );
  }
  if (/^\s*(?:#cloud-config|#include|Content-Type:|MIME-Version:)/i.test(userData)) {
    options.issue(
      "userData",
      "must be shell commands, which run after quayside's own: cloud-config and MIME parts are not supported",
    );
  }
  return userData;
}
