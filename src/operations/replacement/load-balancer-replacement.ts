import type { LoadBalancer } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../../aws/context.js";
import { ownerOf } from "../../aws/owner.js";
import { isOwnedBy } from "../../engine/ownership.js";
import type { Change } from "../../engine/plan.js";
import { elbTags } from "../../load-balancer/elb-tags.js";
import { findLoadBalancer } from "../../load-balancer/existing-load-balancer.js";
import type { LoadBalancerSpec } from "../../spec/load-balancer.js";
import { loadBalancerNameInScheme, securityGroupNameInScheme } from "../../spec/derived-names.js";

/** The load balancer to use, and those that it replaces. */
export interface LoadBalancerReplacement {
  readonly spec: LoadBalancerSpec;
  readonly replaced: readonly LoadBalancerSpec[];
  /** The load balancer of the described name, if it was read. */
  readonly present?: LoadBalancer | undefined;
}

/**
 * AWS cannot change the scheme of a load balancer: if quayside manages the one of the described name and it
 * has the other scheme, a second one, named with a suffix for its scheme, replaces it. The old one is deleted
 * with its last user. Only for a chain that describes the load balancer: others use the existing one.
 */
export async function loadBalancerReplacement(
  spec: LoadBalancerSpec,
  context: AwsContext,
): Promise<LoadBalancerReplacement> {
  if (spec.claim !== "own") return { spec, replaced: [] };
  const present = await findLoadBalancer(spec.name, context);
  const asDescribed = { spec, replaced: [], present };
  const replacement = inScheme(spec, spec.scheme);
  const other = inScheme(spec, spec.scheme === "internal" ? "internet-facing" : "internal");
  if (present !== undefined) {
    if (present.Scheme === spec.scheme) return asDescribed;
    // One that quayside does not manage is not replaced: the deploy will fail for it.
    return (await isOurs(present, spec, context)) ? { spec: replacement, replaced: [spec] } : asDescribed;
  }
  const found = await Promise.all(
    [replacement, other].map(async (one) => isOurs(await findLoadBalancer(one.name, context), one, context)),
  );
  return found.includes(true) ? { spec: replacement, replaced: [spec, other] } : asDescribed;
}

async function isOurs(
  { LoadBalancerArn: arn }: { readonly LoadBalancerArn?: string | undefined } = {},
  spec: LoadBalancerSpec,
  context: AwsContext,
): Promise<boolean> {
  if (arn === undefined) return false;
  return isOwnedBy((await elbTags([arn], context)).get(arn) ?? {}, ownerOf.loadBalancer(spec.name));
}

/** The warning for a plan that creates the replacement. */
export function schemeReplacementWarning(
  described: LoadBalancerSpec,
  replacement: LoadBalancerSpec,
  changes: readonly Change[],
): string[] {
  const isCreated = changes.some(
    ({ action, resource, name }) =>
      action === "create" && resource === "load-balancer" && name === replacement.name,
  );
  if (described.name === replacement.name || !isCreated) return [];
  return [
    `load-balancer ${described.name} cannot be made ${replacement.scheme} in place: ${replacement.name} replaces it, with an address of its own; the old one is deleted once it has no users`,
  ];
}

function inScheme(spec: LoadBalancerSpec, scheme: LoadBalancerSpec["scheme"]): LoadBalancerSpec {
  return {
    ...spec,
    scheme,
    name: loadBalancerNameInScheme(spec.name, scheme),
    securityGroup: securityGroupNameInScheme(spec.securityGroup, scheme),
  };
}
