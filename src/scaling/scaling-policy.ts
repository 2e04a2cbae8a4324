import type { PutScalingPolicyCommandInput, ScalingPolicy } from "@aws-sdk/client-application-auto-scaling";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { describeTargets, SERVICE_COUNT } from "../aws/scalable-targets.js";
import { paginate } from "../aws/paginate.js";
import { UNKNOWN, type Found, type Kind, type Tagged } from "../engine/kind.js";
import { ownedTargets } from "./owned-targets.js";
import { pickDescribedFields } from "./pick-described-fields.js";
import { isQuaysideName } from "./quayside-name.js";
import { isDeletedWithTarget } from "./scalable-target.js";

type Policy = Pick<
  PutScalingPolicyCommandInput,
  "PolicyType" | "TargetTrackingScalingPolicyConfiguration" | "StepScalingPolicyConfiguration"
>;

export interface ScalingPolicyDesired extends Tagged {
  readonly resourceId: string;
  readonly policyName: string;
  readonly policy: Policy;
}

export interface ScalingPolicyState {
  readonly arn: string;
  readonly resourceId: string;
  readonly policyName: string;
}

/** A scaling policy of a service: target tracking, or steps that an alarm triggers. */
export const scalingPolicyKind: Kind<ScalingPolicyDesired, ScalingPolicyState, AwsContext> = {
  kind: "scaling-policy",
  unknown: { arn: UNKNOWN, resourceId: UNKNOWN, policyName: UNKNOWN },
  dependsOn: ["scalable-target"],
  deletedWith: isDeletedWithTarget,
  immutable: ["resourceId", "policyName", "policy.PolicyType"],
  wrapperField: "policy",

  async read(desired, context) {
    const { resourceId, policyName, policy, tags } = desired;
    const found = (await describe(resourceId, context, [policyName]))[0];
    if (found === undefined) return undefined;
    return {
      state: stateOf(found),
      current: { resourceId, policyName, policy: pickDescribedFields(policy, withDefaults(found)) },
      // Policies have no tags: the target's owner owns them, and their names say that quayside created them.
      tags,
    };
  },

  create: put,
  update: (desired, _observed, _changes, context) => put(desired, context),

  async delete({ resourceId, policyName }, { aws }) {
    await ignoreNotFound(
      aws.applicationAutoScaling.deleteScalingPolicy({
        ...SERVICE_COUNT,
        ResourceId: resourceId,
        PolicyName: policyName,
      }),
    );
  },

  async findOwned(owner, context) {
    const targets = await ownedTargets(owner, context);
    const policies = await Promise.all(
      targets.map(async ({ resourceId, tags }) =>
        (await describe(resourceId, context))
          .filter(({ PolicyName }) => isQuaysideName(PolicyName))
          .map((policy): Found<ScalingPolicyState> => {
            const state = stateOf(policy);
            return { name: policyNodeName(state), state, tags };
          }),
      ),
    );
    return policies.flat();
  },
};

/** The ARNs of the owner's policies that alarms trigger, which are not AWS's own. */
export async function stepPolicies(owner: string, context: AwsContext): Promise<readonly string[]> {
  const targets = await ownedTargets(owner, context);
  const policies = await Promise.all(targets.map(({ resourceId }) => describe(resourceId, context)));
  return policies
    .flat()
    .filter(({ PolicyName, PolicyType }) => isQuaysideName(PolicyName) && PolicyType !== TARGET_TRACKING)
    .flatMap(({ PolicyARN }) => PolicyARN ?? []);
}

const TARGET_TRACKING = "TargetTrackingScaling";

/** AWS may leave out what has its default. */
function withDefaults(policy: ScalingPolicy): ScalingPolicy {
  const tracking = policy.TargetTrackingScalingPolicyConfiguration;
  if (tracking === undefined) return policy;
  const DisableScaleIn = tracking.DisableScaleIn ?? false;
  return { ...policy, TargetTrackingScalingPolicyConfiguration: { ...tracking, DisableScaleIn } };
}

/** The node name of a policy, whose own name is unique within its service only. */
export const policyNodeName = ({
  resourceId,
  policyName,
}: Pick<ScalingPolicyState, "resourceId" | "policyName">): string =>
  `${resourceId.replace(/^service\//, "")}/${policyName}`;

async function put(
  { resourceId, policyName, policy }: ScalingPolicyDesired,
  { aws }: AwsContext,
): Promise<ScalingPolicyState> {
  const { PolicyARN } = await aws.applicationAutoScaling.putScalingPolicy({
    ...SERVICE_COUNT,
    ResourceId: resourceId,
    PolicyName: policyName,
    ...policy,
  });
  return { arn: PolicyARN ?? "", resourceId, policyName };
}

async function describe(
  ResourceId: string,
  context: AwsContext,
  names?: readonly string[],
): Promise<ScalingPolicy[]> {
  // Only scalable targets have policies, and a run that plans asks for these.
  if (context.isLooking() && (await describeTargets([ResourceId], context)).length === 0) return [];
  // Always all: a service has few, and a run asks once.
  const request = { ...SERVICE_COUNT, ResourceId };
  const found = await paginate(
    "NextToken",
    (next) =>
      ignoreNotFound(context.aws.applicationAutoScaling.describeScalingPolicies({ ...request, ...next })),
    ({ ScalingPolicies }) => ScalingPolicies,
  );
  return names === undefined ? found : found.filter(({ PolicyName = "" }) => names.includes(PolicyName));
}

const stateOf = ({ PolicyARN, ResourceId, PolicyName }: ScalingPolicy): ScalingPolicyState => ({
  arn: PolicyARN ?? "",
  resourceId: ResourceId ?? "",
  policyName: PolicyName ?? "",
});
