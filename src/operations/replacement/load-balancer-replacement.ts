import type { LoadBalancer } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../../aws/context.js";
import { ownerOf } from "../../aws/owner.js";
import { isOwnedBy } from "../../engine/ownership.js";
import type { Change } from "../../engine/plan.js";
import { elbTags } from "../../load-balancer/elb-tags.js";
import { findLoadBalancer } from "../../load-balancer/existing-load-balancer.js";
import type { LoadBalancerSpec } from "../../spec/load-balancer.js";
import { deriveName } from "../../spec/derive-name.js";
import { LOAD_BALANCER_NAME, SECURITY_GROUP_NAME } from "../../spec/names.js";

/** The load balancer that can be what is described, and those that it has taken the place of. */
export interface LoadBalancerReplacement {
  readonly spec: LoadBalancerSpec;
  readonly replaced: readonly LoadBalancerSpec[];
  /** As far as it has been looked at. */
  readonly present?: LoadBalancer | undefined;
}

/**
 * A load balancer's scheme cannot be changed: where the one of the described name is quayside's and has the other
 * scheme, a second one takes its place, under that name and a suffix for its scheme. The old one goes with its last
 * user. Only one that is described: whoever names it uses what is there.
 */
export async function loadBalancerReplacement(
  spec: LoadBalancerSpec,
  context: AwsContext,
): Promise<LoadBalancerReplacement> {
  if (spec.claim !== "own") return { spec, replaced: [] };
  const present = await findLoadBalancer(spec.name, context);
  const asDescribed = { spec, replaced: [], present };
  const suiting = inScheme(spec, spec.scheme);
  const other = inScheme(spec, spec.scheme === "internal" ? "internet-facing" : "internal");
  if (present !== undefined) {
    if (present.Scheme === spec.scheme) return asDescribed;
    // Somebody else's is refused, and not stepped aside for.
    return (await isOurs(present, spec, context)) ? { spec: suiting, replaced: [spec] } : asDescribed;
  }
  const found = await Promise.all(
    [suiting, other].map(async (one) => isOurs(await findLoadBalancer(one.name, context), one, context)),
  );
  return found.includes(true) ? { spec: suiting, replaced: [spec, other] } : asDescribed;
}

async function isOurs(
  { LoadBalancerArn: arn }: { readonly LoadBalancerArn?: string | undefined } = {},
  spec: LoadBalancerSpec,
  context: AwsContext,
): Promise<boolean> {
  if (arn === undefined) return false;
  return isOwnedBy((await elbTags([arn], context)).get(arn) ?? {}, ownerOf.loadBalancer(spec.name));
}

/** For the plan that makes it. */
export function otherSchemeWarning(
  wanted: LoadBalancerSpec,
  suiting: LoadBalancerSpec,
  changes: readonly Change[],
): string[] {
  const isMade = changes.some(
    ({ action, resource, name }) =>
      action === "create" && resource === "load-balancer" && name === suiting.name,
  );
  if (wanted.name === suiting.name || !isMade) return [];
  return [
    `load-balancer ${wanted.name} cannot be made ${suiting.scheme} in place: ${suiting.name} takes its place, at an address of its own; the old one goes with its last user`,
  ];
}

function inScheme(spec: LoadBalancerSpec, scheme: LoadBalancerSpec["scheme"]): LoadBalancerSpec {
  const suffix = scheme === "internal" ? "-internal" : "-public";
  return {
    ...spec,
    scheme,
    name: deriveName(LOAD_BALANCER_NAME, spec.name, suffix),
    securityGroup: deriveName(SECURITY_GROUP_NAME, spec.securityGroup, suffix),
  };
}
