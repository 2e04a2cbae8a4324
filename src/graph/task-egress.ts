import type { AwsContext } from "../aws/context.js";
import { parseArn } from "../aws/arn.js";
import { assertReachable } from "../network/egress.js";
import type { NetworkState } from "../network/network-state.js";
import type { TaskSpec } from "../spec/deployment-spec.js";
import { assertImagesReachable } from "./image-egress.js";

/**
 * Throws if tasks cannot reach the services that keep their secrets, or the registries of their images: in subnets
 * without a route out of the VPC, these need endpoints of their own. Source: Amazon ECS Developer Guide, "Amazon ECS interface VPC endpoints".
 */
export function assertTaskEgress(
  spec: TaskSpec,
  network: Pick<NetworkState, "isolated">,
  context: Pick<AwsContext, "region">,
): void {
  const { name, claim, capacity } = spec.cluster;
  // Instances of another chain's description, or behind a proxy, may have a way that is not seen here.
  const isSeen =
    claim === "own" && !/https?_proxy/i.test((capacity.type === "ec2" && capacity.userData) || "");
  if (capacity.type === "ec2" && !isSeen) return;
  assertReachable(`cluster ${name}`, secretServices(spec, context), network.isolated, context.region);
  assertImagesReachable(spec, network, context);
}

/** The AWS services of this region that keep a task's secrets. */
export function secretServices(
  { container, sidecars, image }: Pick<TaskSpec, "container" | "sidecars" | "image">,
  { region }: Pick<AwsContext, "region">,
): readonly string[] {
  const services = [container, ...sidecars]
    .flatMap(({ secrets }) => Object.values(secrets))
    .map((source) => (source.from === "arn" ? parseArn(source.arn) : { service: "ssm", region }));
  const credentials = [image, ...sidecars.map((sidecar) => sidecar.image)].flatMap((each) =>
    each.credentials === undefined ? [] : [parseArn(each.credentials)],
  );
  const here = [...services, ...credentials].filter((source) => source.region === region);
  return [...new Set(here.map(({ service }) => service))].sort();
}
