import { instanceRoleName, instanceSecurityGroupName } from "./derived-names.js";
import { parseKeyPair, type KeyPairOptions, type KeyPairSpec } from "./key-pair.js";
import { ROLE_NAME, SECURITY_GROUP_NAME } from "./names.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import type { InstanceScalingSpec } from "./scaling/cluster-autoscale.js";

/**
 * The EC2 instances that a cluster's tasks run on. Tasks share the network interface of their instance
 * (bridge mode), and ECS chooses their ports on it: CPU and memory alone limit how many fit.
 */
export interface Ec2Options {
  /** Such as `"t3.small"`. A task cannot span instances, so the largest task must fit. @defaultValue `"t3.small"` */
  readonly instanceType?: string | undefined;
  /**
   * An AMI with the ECS agent.
   * @defaultValue the ECS-optimized Amazon Linux 2023 that AWS recommends for the instance type's
   * architecture when the launch template is created; a later recommendation replaces no instances
   */
  readonly ami?: string | undefined;
  /**
   * For SSH: the name of a key pair that exists, or `{ name, createTo }` to create one when there is
   * none, its private key written to that file (mode 0600).
   * @defaultValue none
   */
  readonly keyPair?: string | KeyPairOptions | undefined;
  /** The instances' security group. It accepts the load balancer's group only. @defaultValue `{cluster}-instances` */
  readonly securityGroup?: string | undefined;
  /** The instances' IAM role, and their instance profile of the same name. @defaultValue `{cluster}-instance-role` */
  readonly instanceRole?: string | undefined;
  /** Spot instances: cheaper, and AWS may take them back at two minutes' notice. @defaultValue `false` */
  readonly spot?: boolean | undefined;
  /** Shell lines, at most 15 KB, that run after quayside's own at each instance's first boot. */
  readonly userData?: string | undefined;
}

export interface Ec2CapacitySpec {
  readonly type: "ec2";
  readonly instanceType: string;
  /** `undefined`: the recommended ECS-optimized Amazon Linux 2023 when the launch template is created. */
  readonly ami: string | undefined;
  readonly keyPair: KeyPairSpec | undefined;
  readonly securityGroup: string;
  readonly instanceRole: string;
  readonly spot: boolean;
  /** Shell lines that run after ours, at each instance's first boot. */
  readonly userData: string | undefined;
  readonly min: number;
  readonly max: number;
  /** `undefined`: their number stays within the bounds as it is. */
  readonly scaling: InstanceScalingSpec | undefined;
}

const DEFAULT_INSTANCE_TYPE = "t3.small";
/** `t3.small`, `m7i-flex.large`, `u-6tb1.56xlarge`, `mac2-m2pro.metal`. */
const INSTANCE_TYPE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.(?:[a-z0-9]+)(?:-[a-z0-9]+)*$/;
const AMI = /^ami-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;
/** 16 KB that EC2 takes, less 1 KB for quayside's own lines. Source: EC2 User Guide, "Run commands when you launch". */
const MOST_USER_DATA = 15 * 1024;

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
  const ami = options.string("ami", "an AMI's id");
  if (ami !== undefined && !AMI.test(ami)) {
    options.issue("ami", `must be an AMI's id, such as "ami-0abcdef1234567890"; got ${formatValue(ami)}`);
  }
  const keyPair = parseKeyPair(options.raw("keyPair"), options.pathOf("keyPair"), issues);
  const securityGroup = options.name("securityGroup", SECURITY_GROUP_NAME);
  const instanceRole = options.name("instanceRole", ROLE_NAME);
  const spot = options.boolean("spot") ?? false;
  const userData = parseUserData(options);
  options.close();
  return {
    type: "ec2",
    instanceType: instanceType ?? DEFAULT_INSTANCE_TYPE,
    ami,
    keyPair,
    securityGroup: securityGroup ?? instanceSecurityGroupName(cluster),
    instanceRole: instanceRole ?? instanceRoleName(cluster),
    spot,
    userData,
  };
}

function parseUserData(options: OptionsReader<Ec2Options>): string | undefined {
  const userData = options.string("userData", "shell lines");
  if (userData === undefined) return undefined;
  const bytes = Buffer.byteLength(userData);
  if (bytes > MOST_USER_DATA) {
    options.issue(
      "userData",
      `must be at most ${MOST_USER_DATA} bytes (EC2's 16 KB less quayside's own lines); got ${bytes}`,
    );
  }
  if (/^\s*(?:#cloud-config|#include|Content-Type:|MIME-Version:)/i.test(userData)) {
    options.issue(
      "userData",
      "must be shell lines, which run after quayside's own; cloud-config and MIME parts are not",
    );
  }
  return userData;
}
