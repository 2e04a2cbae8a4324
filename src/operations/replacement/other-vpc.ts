import { targetGroupName } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { QuaysideError } from "../../errors.js";
import type { TargetGroupDesired } from "../../load-balancer/target-group-desired.js";
import type { TargetGroupState } from "../../load-balancer/target-group.js";
import type { ServiceState } from "../../service/service-state.js";
import type { PlannedGraph } from "../plan/plan-graph.js";

/**
 * Refuses to move a service to a load balancer of another VPC. During a move, its tasks are registered with the old
 * target group as well as with the new one, and ELB accepts only addresses of a target group's own VPC. The old group
 * is what the service has now: the tagging API may not know it yet.
 *
 * @throws QuaysideError `different-vpcs`
 */
export async function refuseOtherVpc(
  { observations, steps }: PlannedGraph,
  { aws }: AwsContext,
): Promise<void> {
  const groups = [...observations.values()].filter(({ node }) => node.kind.kind === "target-group");
  const updated = steps.filter(({ node, action }) => node.kind.kind === "service" && action === "update");
  for (const { node: service } of updated) {
    const wanted = groups.filter(({ node }) => node.owner === service.owner);
    const kept = wanted.map(({ observed }) => (observed?.state as TargetGroupState | undefined)?.arn);
    const { targetGroupArns } = observations.get(service.id)!.observed!.state as ServiceState;
    const left = targetGroupArns.filter((arn) => !kept.includes(arn));
    if (left.length === 0 || wanted.length === 0) continue;
    const { vpcId: other } = wanted[0]!.desired as TargetGroupDesired;
    const answer = await ignoreNotFound(aws.elb.describeTargetGroups({ TargetGroupArns: left }));
    for (const { VpcId: vpcId, TargetGroupArn: arn = "" } of answer?.TargetGroups ?? []) {
      if (vpcId === undefined || vpcId === other) continue;
      throw new QuaysideError(
        "different-vpcs",
        `Nothing was changed: service ${service.name} cannot move from ${vpcId} to ${other} behind a load balancer: target group ${targetGroupName(arn)} accepts only targets of ${vpcId}`,
        {
          facts: { service: service.name, vpcs: [vpcId, other] },
          fix: "Deploy under another name in the other VPC, move the requests there, then destroy this deployment.",
        },
      );
    }
  }
}
