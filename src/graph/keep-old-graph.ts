import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { keepOldPolicy, type KeepOld } from "../bluegreen/keep-old.js";
import type { Graph, GraphPurpose } from "../engine/graph.js";
import { keepOldRoleName } from "../spec/derived-names.js";
import { addRole, sourceAccountOf } from "./iam-role-graph.js";

/** Adds the role that EventBridge Scheduler will assume to stop the old color: it exists before the first one is kept. */
export async function addKeepOldRole(
  graph: Graph<AwsContext>,
  keepOld: KeepOld,
  context: AwsContext,
  purpose: GraphPurpose,
): Promise<void> {
  const { spec } = keepOld;
  await addRole(graph, spec, ownerOf.deployment(spec.name), context, {
    roleName: (region) => keepOldRoleName(spec.name, region),
    service: "scheduler.amazonaws.com",
    sourceAccount: await sourceAccountOf(context, purpose),
    description: `Stops the old version of ${spec.name}`,
    needs: {},
    policies: () => ({ inline: { "keep-old": keepOldPolicy(keepOld, context) } }),
  });
}
