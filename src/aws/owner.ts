/** The types of owners: what a user deploys, and what deployments share. */
export type OwnerType =
  "deployment" | "job" | "cluster" | "load-balancer" | "network" | "namespace" | "domain";

const TYPES: readonly OwnerType[] = [
  "deployment",
  "job",
  "cluster",
  "load-balancer",
  "network",
  "namespace",
  "domain",
];

/**
 * The owner of a resource, as in its tag `quayside:owner`: `ownerOf.deployment("talk-service")` is
 * `deployment/talk-service`.
 */
export const ownerOf = {
  deployment: (name: string): string => format("deployment", name),
  job: (name: string): string => format("job", name),
  cluster: (name: string): string => format("cluster", name),
  loadBalancer: (name: string): string => format("load-balancer", name),
  network: (name: string): string => format("network", name),
  namespace: (name: string): string => format("namespace", name),
  /** Not an owner, but a place: a domain whose records lead to the deployment. Tags have no asterisks. */
  domain: (name: string): string => format("domain", name.replace("*", "@")),
};

const format = (type: OwnerType, name: string): string => `${type}/${name}`;

/** The parts of an owner; `undefined` if quayside did not write it. */
export function parseOwner(
  owner: string | undefined,
): { readonly type: OwnerType; readonly name: string } | undefined {
  const slash = owner?.indexOf("/") ?? -1;
  const type = TYPES.find((each) => each === owner?.slice(0, slash));
  return owner === undefined || type === undefined ? undefined : { type, name: owner.slice(slash + 1) };
}

/** The name of the owner if it is of that type. */
export function ownerName(owner: string | undefined, type: OwnerType): string | undefined {
  const parsed = parseOwner(owner);
  return parsed?.type === type ? parsed.name : undefined;
}
