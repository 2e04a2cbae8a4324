import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { keepOldPolicy, type KeepOld } from "../bluegreen/keep-old.js";
import type { Graph } from "../engine/graph.js";
import { keepOldRoleName } from "../spec/derived-names.js";
import { addRole } from "./iam-role-graph.js";

/** Adds the role that EventBridge Scheduler will assume to stop the old color: it exists before the first one is kept. */
export function addKeepOldRole(graph: Graph<AwsContext>, keepOld: KeepOld, context: AwsContext): void {
  const { spec } = keepOld;
  addRole(graph, spec, ownerOf.deployment(spec.name), {
    roleName: keepOldRoleName(spec.name),
    service: "scheduler.amazonaws.com",
    description: `Stops the old version of ${spec.name}`,
    needs: {},
    policies: () => ({ inline: { "keep-old": keepOldPolicy(keepOld, context) } }),
  });
}
