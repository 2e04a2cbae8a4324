import type { AwsContext } from "../aws/context.js";
import { parseArn } from "../aws/arn.js";
import { assertReachable } from "../network/egress.js";
import type { NetworkState } from "../network/network-state.js";
import type { TaskSpec } from "../spec/deployment-spec.js";

/**
 * Throws if tasks cannot reach the services that keep their secrets: in subnets without a route out of the VPC,
 * these need endpoints of their own. Source: Amazon ECS Developer Guide, "Amazon ECS interface VPC endpoints".
 */
export function assertSecretsReachable(
  { container, sidecars, image, cluster: { name, claim, capacity } }: TaskSpec,
  { isolated }: Pick<NetworkState, "isolated">,
  { region }: Pick<AwsContext, "region">,
): void {
  // Instances of another chain's description, or behind a proxy, may have a way that is not seen here.
  const isSeen =
    claim === "own" && !/https?_proxy/i.test((capacity.type === "ec2" && capacity.userData) || "");
  if (capacity.type === "ec2" && !isSeen) return;
  assertReachable(
    `cluster ${name}`,
    secretServices({ container, sidecars, image }, { region }),
    isolated,
    region,
  );
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
