import { managedInstancesSecurityGroupName } from "./derived-names.js";
import { SECURITY_GROUP_NAME } from "./names.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { POLICY_ARN } from "./ec2.js";
import { parseRequirements, type InstanceRequirements } from "./instance-requirements.js";
import { ROLE_ARN, roleArnProblem } from "./role-arn.js";

/**
 * The ECS Managed Instances of a cluster: EC2 instances that ECS launches for its tasks, patches and terminates. A
 * change applies to instances that ECS launches from then on, and ECS replaces every instance within three weeks.
 */
export interface ManagedInstancesOptions {
  /**
   * The instance types that ECS may choose from, 1 to 400: names, or patterns such as `"m7g.*"`. Not with
   * `requirements.excludedInstanceTypes`. @defaultValue the general purpose types that AWS finds the cheapest
   */
  readonly instanceTypes?: readonly string[] | undefined;
  /** What the instance types must have. @defaultValue what the tasks need */
  readonly requirements?: InstanceRequirements | undefined;
  /**
   * True for Spot Instances, which cost less but can be interrupted with two minutes' notice. AWS cannot change it in
   * place: a second capacity provider replaces the first, and the tasks move. @defaultValue `false`
   */
  readonly spot?: boolean | undefined;
  /** The size of each instance's data volume, 1 to 16384 GiB. @defaultValue what ECS chooses */
  readonly storage?: number | undefined;
  /** `"detailed"` for CloudWatch metrics every minute, which AWS bills. @defaultValue `"basic"`, every five minutes */
  readonly monitoring?: "basic" | "detailed" | undefined;
  /**
   * How long an instance may be idle or hardly used before ECS terminates it, up to 1 h; `false`: it stays until it is
   * patched. @defaultValue what ECS chooses
   */
  readonly scaleInAfter?: string | false | undefined;
  /** True if ECS replaces instances that are impaired. @defaultValue what ECS chooses */
  readonly autoRepair?: boolean | undefined;
  /** ARNs of managed policies for the instances' role, besides ECS's own, at most 19. */
  readonly instanceRolePolicies?: readonly string[] | undefined;
  /**
   * The ARN of an existing role with which ECS manages the instances. It must be able to pass the instances' role.
   * @defaultValue a role that quayside creates
   */
  readonly infrastructureRole?: string | undefined;
  /** The name of the instances' security group. @defaultValue `{cluster}-managed-instances` */
  readonly securityGroup?: string | undefined;
}

export interface ManagedInstancesCapacitySpec {
  readonly type: "managed-instances";
  readonly requirements: InstanceRequirements | undefined;
  readonly spot: boolean;
  readonly storage: number | undefined;
  readonly monitoring: "basic" | "detailed";
  /** Seconds; -1: never; `undefined`: as ECS chooses. */
  readonly scaleInAfter: number | undefined;
  readonly autoRepair: boolean | undefined;
  readonly instanceRolePolicies: readonly string[];
  /** `undefined`: one that quayside creates. */
  readonly infrastructureRole: string | undefined;
  readonly securityGroup: string;
}

/** A type, or a pattern with asterisks: `m7g.large`, `m7g.*`, `c5*`. */
const TYPE_OR_PATTERN = /^(?:[a-z0-9*-]+\.[a-z0-9*-]+|[a-z0-9-]*\*[a-z0-9*-]*)$/;
/** Source: Amazon ECS API reference, ManagedInstancesStorageConfiguration; EBS's largest gp3 volume. */
const STORAGE = { min: 1, max: 16_384 };
/** Source: Amazon ECS API reference, InfrastructureOptimization `scaleInAfter`. */
const SCALE_IN = { min: 0, max: 3_600 };
/** IAM attaches up to 20 managed policies to a role, and ECS's own is one. */
const MAX_POLICIES = 19;

export function parseManagedInstances(
  cluster: string,
  value: unknown,
  issues: Issues,
): ManagedInstancesCapacitySpec {
  const options = new OptionsReader<ManagedInstancesOptions>(value, "cluster.managedInstances", issues);
  const types = options.strings("instanceTypes");
  const wrong = types?.find((type) => !TYPE_OR_PATTERN.test(type));
  if (wrong !== undefined)
    options.issue(
      "instanceTypes",
      `must be EC2 instance types, {family}.{size}, or patterns such as "m7g.*"; got ${formatValue(wrong)}`,
    );
  if (types !== undefined && (types.length === 0 || types.length > 400))
    options.issue("instanceTypes", "must have 1 to 400 instance types");
  const requirements = parseRequirements(
    options.raw("requirements"),
    options.pathOf("requirements"),
    types,
    issues,
  );
  const spot = options.boolean("spot") ?? false;
  const storage = options.integer("storage", STORAGE, " (GiB)");
  const monitoring = options.oneOf("monitoring", ["basic", "detailed"]) ?? "basic";
  const autoRepair = options.boolean("autoRepair");
  const instanceRolePolicies = options.strings("instanceRolePolicies") ?? [];
  const unattachable = instanceRolePolicies.find((arn) => !POLICY_ARN.test(arn));
  if (unattachable !== undefined)
    options.issue(
      "instanceRolePolicies",
      `must be ARNs of managed policies; got ${formatValue(unattachable)}`,
    );
  if (instanceRolePolicies.length > MAX_POLICIES)
    options.issue("instanceRolePolicies", `must be at most ${MAX_POLICIES} policies`);
  const infrastructureRole = options.string("infrastructureRole");
  if (infrastructureRole !== undefined && !ROLE_ARN.test(infrastructureRole))
    options.issue("infrastructureRole", roleArnProblem(infrastructureRole));
  const securityGroup =
    options.name("securityGroup", SECURITY_GROUP_NAME) ?? managedInstancesSecurityGroupName(cluster);
  const given = options.raw("scaleInAfter");
  const scaleInAfter = given === false ? -1 : options.duration("scaleInAfter", SCALE_IN);
  options.close();
  return {
    type: "managed-instances",
    requirements,
    spot,
    storage,
    monitoring,
    scaleInAfter,
    autoRepair,
    instanceRolePolicies,
    infrastructureRole,
    securityGroup,
  };
}
