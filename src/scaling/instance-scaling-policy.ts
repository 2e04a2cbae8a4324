import type { PutScalingPolicyCommandInput, ScalingPolicy } from "@aws-sdk/client-auto-scaling";
import { mayHaveGroup } from "../aws/auto-scaling-group-exists.js";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownerName } from "../aws/owner.js";
import { paginate } from "../aws/paginate.js";
import { OWNER_TAG } from "../aws/tags.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { autoScalingGroupName } from "../spec/derived-names.js";
import { pickDescribedFields } from "./pick-described-fields.js";
import { isQuaysideName } from "./quayside-name.js";

export interface InstanceScalingPolicyDesired extends Tagged {
  readonly groupName: string;
  readonly policyName: string;
  readonly policy: Omit<PutScalingPolicyCommandInput, "AutoScalingGroupName" | "PolicyName">;
}

export interface InstanceScalingPolicyState {
  readonly arn: string;
  readonly groupName: string;
  readonly policyName: string;
}

/** A scaling policy of an Auto Scaling group, which an alarm triggers. */
export const instanceScalingPolicyKind: Kind<
  InstanceScalingPolicyDesired,
  InstanceScalingPolicyState,
  AwsContext
> = {
  kind: "instance-scaling-policy",
  unknown: { arn: UNKNOWN, groupName: UNKNOWN, policyName: UNKNOWN },
  dependsOn: ["auto-scaling-group"],
  immutable: ["groupName", "policyName"],
  wrapperField: "policy",

  async read({ groupName, policyName, policy, tags }, context) {
    const found = (await describe(groupName, context)).find(hasName(policyName));
    if (found === undefined) return undefined;
    return {
      state: { arn: found.PolicyARN ?? "", groupName, policyName },
      current: { groupName, policyName, policy: pickDescribedFields(policy, found) },
      // Policies have no tags: the group's owner owns them, and their names say that quayside created them.
      tags,
    };
  },

  create: put,
  update: (desired, _observed, _changes, context) => put(desired, context),

  async delete({ groupName, policyName }, { aws }) {
    await ignoreNotFound(
      aws.autoScaling.deletePolicy({ AutoScalingGroupName: groupName, PolicyName: policyName }),
    );
  },

  async findOwned(owner, context) {
    const cluster = ownerName(owner, "cluster");
    if (cluster === undefined) return [];
    const groupName = autoScalingGroupName(cluster);
    return (await describe(groupName, context))
      .filter(({ PolicyName }) => isQuaysideName(PolicyName))
      .map(({ PolicyName: policyName = "", PolicyARN: arn = "" }) => ({
        name: `${groupName}/${policyName}`,
        state: { arn, groupName, policyName },
        tags: { [OWNER_TAG]: owner },
      }));
  },
};

/** The ARNs of the policies of a cluster's instances, which alarms trigger. */
export async function instanceStepPolicies(cluster: string, context: AwsContext): Promise<readonly string[]> {
  const policies = await describe(autoScalingGroupName(cluster), context);
  return policies
    .filter(({ PolicyName }) => isQuaysideName(PolicyName))
    .flatMap(({ PolicyARN }) => PolicyARN ?? []);
}

async function put(
  { groupName, policyName, policy }: InstanceScalingPolicyDesired,
  context: AwsContext,
): Promise<InstanceScalingPolicyState> {
  const { PolicyARN } = await context.aws.autoScaling.putScalingPolicy({
    AutoScalingGroupName: groupName,
    PolicyName: policyName,
    ...policy,
  });
  // Some endpoints do not return the ARN, which the alarm needs.
  const arn = PolicyARN ?? (await describe(groupName, context)).find(hasName(policyName))?.PolicyARN;
  return { arn: arn ?? "", groupName, policyName };
}

const hasName =
  (policyName: string) =>
  ({ PolicyName }: ScalingPolicy): boolean =>
    PolicyName === policyName;

async function describe(AutoScalingGroupName: string, context: AwsContext): Promise<ScalingPolicy[]> {
  if (!(await mayHaveGroup(AutoScalingGroupName, context))) return [];
  return paginate(
    "NextToken",
    (next) => ignoreNotFound(context.aws.autoScaling.describePolicies({ AutoScalingGroupName, ...next })),
    ({ ScalingPolicies }) => ScalingPolicies,
  );
}
