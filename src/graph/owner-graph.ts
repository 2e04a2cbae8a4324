import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { Graph } from "../engine/graph.js";
import { logGroupKind } from "../service/log-group.js";
import type { TaskSpec } from "../spec/deployment-spec.js";

/**
 * The graph of a deployment of which AWS has no task definition: a destroy finds by the owner's tags what an
 * interrupted run has left.
 */
export function ownerGraph({ name, logs, tags }: TaskSpec): Graph<AwsContext> {
  const graph = new Graph<AwsContext>();
  graph.add({
    kind: logGroupKind,
    name: logs.group,
    owner: ownerOf.deployment(name),
    needs: {},
    desired: () => ({ logGroupName: logs.group, retentionInDays: logs.retention, tags }),
  });
  return graph;
}
