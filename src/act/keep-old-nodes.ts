import type { AwsContext } from "../aws/context.js";
import { keepOldPolicy, keepOldRoleName } from "../bluegreen/keep-old.js";
import type { BlueGreenDeployment } from "../bluegreen/colours.js";
import { iamRoleKind } from "../cluster/iam-role.js";
import type { Graph } from "../engine/graph.js";
import { deploymentOwner } from "./deployment-owner.js";

/** The role in which EventBridge Scheduler will stop the old colour: there before there is one. */
export function addKeepOldRole(
  graph: Graph<AwsContext>,
  spec: BlueGreenDeployment,
  context: AwsContext,
): void {
  const roleName = keepOldRoleName(spec.name);
  const owner = deploymentOwner(spec);
  graph.add({
    kind: iamRoleKind,
    name: roleName,
    owner,
    needs: {},
    desired: () => ({
      roleName,
      path: `/quayside/${owner}/`,
      service: "scheduler.amazonaws.com" as const,
      managedPolicies: [],
      inlinePolicies: { "keep-old": keepOldPolicy(spec, context) },
      description: `Stops the old version of ${spec.name}`,
      tags: spec.tags,
    }),
  });
}
