import { targetGroupName } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { QuaysideError } from "../../errors.js";
import type { TargetGroupDesired, TargetGroupState } from "../../load-balancer/target-group.js";
import type { PlannedGraph } from "../plan/plan-graph.js";

/**
 * Refuses to move a service to a load balancer of another VPC. During a move, its tasks are registered with the old
 * target group as well as with the new one, and ELB accepts only addresses of a target group's own VPC.
 *
 * @throws QuaysideError `different-vpcs`
 */
export async function refuseOtherVpc(
  { observations, removals, steps }: PlannedGraph,
  { aws }: AwsContext,
): Promise<void> {
  const updated = steps.filter(({ node, action }) => node.kind.kind === "service" && action === "update");
  const owners = new Set(updated.map(({ node }) => node.owner));
  const left = removals.filter(({ kind, owner }) => kind.kind === "target-group" && owners.has(owner));
  for (const { owner, state } of left) {
    const { arn } = state as TargetGroupState;
    const wanted = [...observations.values()].find(
      ({ node }) => node.kind.kind === "target-group" && node.owner === owner,
    );
    if (wanted === undefined) continue;
    const answer = await ignoreNotFound(aws.elb.describeTargetGroups({ TargetGroupArns: [arn] }));
    const vpcId = answer?.TargetGroups?.[0]?.VpcId;
    const { vpcId: other } = wanted.desired as TargetGroupDesired;
    if (vpcId === undefined || vpcId === other) continue;
    const service = updated.find(({ node }) => node.owner === owner)!.node.name;
    throw new QuaysideError(
      "different-vpcs",
      `Nothing was changed: service ${service} cannot move from ${vpcId} to ${other} behind a load balancer: target group ${targetGroupName(arn)} accepts only targets of ${vpcId}`,
      {
        facts: { service, vpcs: [vpcId, other] },
        fix: "Deploy under another name in the other VPC, move the requests there, then destroy this deployment.",
      },
    );
  }
}
