import type { AwsContext } from "../aws/context.js";
import { COLOURS, colourService } from "../bluegreen/colours.js";
import { apply, cannotReplace } from "../engine/apply.js";
import type { Change } from "../engine/plan.js";
import { removeAll } from "../engine/remove.js";
import { leaveTargetGroups } from "../service/leave-target-groups.js";
import { retireRevisions } from "../service/retire-revisions.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { Deployed, DeployOptions, Described } from "./actions.js";
import { deploymentOwner } from "./deployment-owner.js";
import { prepare, type Prepared } from "./prepare.js";
import { freeTarget, carryOutRelease } from "./release-traffic.js";
import { run } from "./run.js";
import { serviceUrl } from "./service-url.js";

/** Makes the account match the description, and ends when the service runs as described. */
export function deploy(described: Described, options: DeployOptions = {}): Promise<Deployed> {
  const { spec, cloud } = described;
  return run(described, options, async (context) => {
    const prepared = await prepare(described, options, context);
    const { graph, refs, steps, leftovers, changes, warnings, release } = prepared;
    const replaced = changes.filter((change) => change.action === "replace");
    if (replaced.length > 0) throw cannotReplace(replaced);
    // Before anything is changed: what cannot be built stops the deploy at its door.
    if (changes.some(({ resource, action }) => resource === "image" && action === "create"))
      await cloud.images.check(context.signal);
    context.emit({ type: "planned", at: cloud.clock.now(), ...count(changes) });

    for (const message of warnings) context.emit({ type: "warning", at: cloud.clock.now(), message });

    if (release !== undefined) await freeTarget(release, steps, refs, context);
    const states = await apply(graph, steps, context);
    const { dnsName } = stateOf(states, refs.loadBalancer) ?? {};
    const url = dnsName === undefined ? undefined : serviceUrl(cloud, dnsName, spec.route!);
    if (release !== undefined) await carryOutRelease(described, release, changes, url ?? "", context);
    await leaveLeftovers(spec, prepared, states, context);
    await removeAll(leftovers, context);
    if (changes.some(({ resource, action }) => resource === "task-definition" && action === "update"))
      await retireRevisions(retirement(spec), context);

    return {
      url,
      changes,
      service: stateOf(states, refs.service)!.serviceName,
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
  serviceNames: [spec.service.name, ...COLOURS.map((colour) => colourService(spec, colour))],
});

/** Target groups that are to go may still have requests: those of a colour, or of the service before colours. */
async function leaveLeftovers(
  { route }: DeploymentSpec,
  { leftovers, refs }: Prepared,
  states: ReadonlyMap<string, unknown>,
  context: AwsContext,
): Promise<void> {
  const groups = leftovers.filter(({ kind }) => kind.kind === "target-group");
  if (groups.length === 0 || refs.targetGroup === undefined) return;
  await leaveTargetGroups(
    {
      rules: refs.rules.flatMap((rule) => stateOf(states, rule)?.arn ?? []),
      groups: groups.map(({ state }) => (state as { arn: string }).arn),
      to: stateOf(states, refs.targetGroup)!.arn,
      drain: route?.deregistrationDelay ?? 0,
    },
    context,
  );
}

const stateOf = <State>(
  states: ReadonlyMap<string, unknown>,
  ref: { readonly id: string; readonly __state?: State } | undefined,
): State | undefined => (ref === undefined ? undefined : (states.get(ref.id) as State));

function count(changes: readonly Change[]): Record<"create" | "update" | "delete" | "none", number> {
  const counts = { create: 0, update: 0, delete: 0, none: 0 };
  for (const { action } of changes) if (action !== "replace") counts[action]++;
  return counts;
}
