import { instanceSecurityGroupName } from "./derived-names.js";
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
   * A type of another architecture applies to instances that are launched from then on. An image that quayside builds
   * has one architecture, so that a deploy is refused while instances of the other one run.
   * @defaultValue `"t3.small"`
   * @throws QuaysideError `unknown-instance-type`, `different-architectures`, before anything is changed
   */
  readonly instanceType?: string | undefined;
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
   * True for Spot Instances, which cost less but can be interrupted with two minutes' notice. ECS then drains them
   * (`ECS_ENABLE_SPOT_INSTANCE_DRAINING`). @defaultValue `false`
   */
  readonly spot?: boolean | undefined;
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
   * Shell commands, at most 15 KB, that run after quayside's own at the first boot of each instance. Not on
   * Bottlerocket. @throws QuaysideError `user-data-not-supported`, before anything is changed
   */
  readonly userData?: string | undefined;
}

export interface Ec2CapacitySpec {
  readonly type: "ec2";
  readonly instanceType: string;
  /** `undefined`: the ECS-optimized Amazon Linux 2023 AMI that AWS recommends when the launch template is created. */
  readonly ami: string | undefined;
  readonly keyPair: KeyPairSpec | undefined;
  readonly securityGroup: string;
  /** `undefined`: the derived name, which contains the region. */
  readonly instanceRole: string | undefined;
  readonly spot: boolean;
  readonly refresh: "manual" | "on-deploy";
  /** Shell commands that run after quayside's own at the first boot of each instance. */
  readonly userData: string | undefined;
  readonly min: number;
  readonly max: number;
  /** `undefined`: the number of instances is not scaled. */
  readonly scaling: InstanceScalingSpec | undefined;
}

const DEFAULT_INSTANCE_TYPE = "t3.small";
/** `t3.small`, `m7i-flex.large`, `u-6tb1.56xlarge`, `mac2-m2pro.metal`. */
const INSTANCE_TYPE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.(?:[a-z0-9]+)(?:-[a-z0-9]+)*$/;
const AMI = /^ami-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;
/** EC2's limit of 16 KB, less 1 KB for quayside's own commands. Source: EC2 User Guide, "Run commands when you launch". */
const MAX_USER_DATA = 15 * 1024;

export function parseEc2(
  cluster: string,
  value: unknown,
  issues: Issues,
): Omit<Ec2CapacitySpec, "min" | "max" | "scaling"> {
  const options = new OptionsReader<Ec2Options>(value, "cluster.ec2", issues);
  const instanceType = options.string("instanceType", "an EC2 instance type");
  if (instanceType !== undefined && !INSTANCE_TYPE.test(instanceType)) {
    options.issue(
      "instanceType",
      `must be an EC2 instance type, {family}.{size}, such as "t3.small"; got ${formatValue(instanceType)}`,
    );
  }
  const ami = options.string("ami", "an AMI id");
  if (ami !== undefined && !AMI.test(ami)) {
    options.issue("ami", `must be an AMI id, such as "ami-0abcdef1234567890"; got ${formatValue(ami)}`);
  }
  const keyPair = parseKeyPair(options.raw("keyPair"), options.pathOf("keyPair"), issues);
  const securityGroup = options.name("securityGroup", SECURITY_GROUP_NAME);
  const instanceRole = options.name("instanceRole", ROLE_NAME);
  const spot = options.boolean("spot") ?? false;
  const refresh = options.oneOf("refresh", ["manual", "on-deploy"]) ?? "manual";
  const userData = parseUserData(options);
  options.close();
  return {
    type: "ec2",
    instanceType: instanceType ?? DEFAULT_INSTANCE_TYPE,
    ami,
    keyPair,
    securityGroup: securityGroup ?? instanceSecurityGroupName(cluster),
    instanceRole,
    spot,
    refresh,
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
