import type { AwsContext } from "../aws/context.js";
import { QuaysideError } from "../errors.js";
import type { NetworkState } from "../network/network-state.js";
import type { TaskSpec } from "../spec/deployment-spec.js";
import { parseImageReference } from "../spec/image-reference.js";

/** Registries on the internet, to which no VPC endpoint leads. Others may be inside a VPC that exists. */
const PUBLIC_REGISTRIES =
  /(?:^|\.)(?:docker\.io|public\.ecr\.aws|ghcr\.io|quay\.io|gcr\.io|pkg\.dev|registry\.k8s\.io|mcr\.microsoft\.com|registry\.gitlab\.com|docker\.elastic\.co|nvcr\.io)$/;
const ECR = /^\d{12}\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com/;

/**
 * Throws if tasks cannot pull their images: in subnets without a route out of the VPC, endpoints lead to ECR of the same
 * region only. Source: Amazon ECR User Guide, "Amazon ECR interface VPC endpoints".
 */
export function assertImagesReachable(
  { name, image, sidecars, cluster }: Pick<TaskSpec, "name" | "image" | "sidecars" | "cluster">,
  { isolated }: Pick<NetworkState, "isolated">,
  { region }: Pick<AwsContext, "region">,
): void {
  if (isolated === undefined) return;
  // Nothing but tasks is in a network that quayside creates: no registry is inside it.
  const isOwn = cluster.network?.own !== undefined;
  const outside = [image, ...sidecars.map((sidecar) => sidecar.image)]
    .filter(({ build }) => build === undefined)
    .map(({ reference }) => reference)
    .filter((reference) => {
      const { registry = "docker.io" } = parseImageReference(reference) ?? {};
      const ecr = ECR.exec(registry)?.[1];
      return ecr === undefined ? isOwn || PUBLIC_REGISTRIES.test(registry) : ecr !== region;
    });
  if (outside.length === 0) return;
  throw new QuaysideError(
    "no-egress",
    `Nothing was changed: ${outside.join(", ")} of ${name} cannot be pulled: the subnets of cluster ${cluster.name} have no route to the internet, and VPC endpoints lead only to ECR in ${region}`,
    {
      facts: { images: outside, cluster: cluster.name },
      fix: 'Use images in ECR of this region, where a pull-through cache rule can copy them, or a network with a NAT gateway: new Network("…").nat("one").',
    },
  );
}
