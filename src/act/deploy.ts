import { apply, cannotReplace } from "../engine/apply.js";
import type { Change } from "../engine/plan.js";
import { removeAll } from "../engine/remove.js";
import { retireRevisions } from "../service/retire-revisions.js";
import type { DeploymentSpec, RouteSpec } from "../spec/deployment-spec.js";
import type { ActOptions, Deployed, Described } from "./actions.js";
import { deploymentOwner } from "./deployment-owner.js";
import { prepare } from "./prepare.js";
import { run } from "./run.js";
import { serviceUrl } from "./service-url.js";

/** Makes the account match the description, and ends when the service runs as described. */
export function deploy(described: Described, options: ActOptions = {}): Promise<Deployed> {
  const { spec, cloud } = described;
  return run(described, options, async (context) => {
    const { graph, refs, steps, leftovers, changes, warnings } = await prepare(described, options, context);
    const replaced = changes.filter((change) => change.action === "replace");
    if (replaced.length > 0) throw cannotReplace(replaced);
    // Before anything is changed: what cannot be built stops the deploy at its door.
    if (changes.some(({ resource, action }) => resource === "image" && action === "create"))
      await cloud.images.check(context.signal);
    context.emit({ type: "planned", at: cloud.clock.now(), ...count(changes) });

    for (const message of warnings) context.emit({ type: "warning", at: cloud.clock.now(), message });

    const states = await apply(graph, steps, context);
    await removeAll(leftovers, context);
    if (changes.some(({ resource, action }) => resource === "task-definition" && action === "update"))
      await retireRevisions(retirement(spec), context);

    const { dnsName } = stateOf(states, refs.loadBalancer) ?? {};
    return {
      url: dnsName === undefined ? undefined : serviceUrl(cloud, dnsName, spec.route as RouteSpec),
      changes,
      service: spec.service.name,
      taskDefinition: stateOf(states, refs.taskDefinition)!.arn,
      image: stateOf(states, refs.image)?.reference ?? spec.image.reference,
      cluster: spec.cluster.name,
      duration: cloud.clock.now() - context.startedAt,
    };
  });
}

const retirement = (spec: DeploymentSpec) => ({
  family: spec.name,
  owner: deploymentOwner(spec),
  keep: spec.service.keepReleases,
  clusterName: spec.cluster.name,
  serviceName: spec.service.name,
});

const stateOf = <State>(
  states: ReadonlyMap<string, unknown>,
  ref: { readonly id: string; readonly __state?: State } | undefined,
): State | undefined => (ref === undefined ? undefined : (states.get(ref.id) as State));

function count(changes: readonly Change[]): Record<"create" | "update" | "delete" | "none", number> {
  const counts = { create: 0, update: 0, delete: 0, none: 0 };
  for (const { action } of changes) if (action !== "replace") counts[action]++;
  return counts;
}
