/*
 * What the chains assemble: the user's words as he gave them, not yet looked at. Everything that comes
 * from outside is `unknown` here, because JavaScript's users have no compiler; `toSpec` looks at it.
 */

/** What is said of everything that runs as tasks. */
export interface TaskInput {
  readonly name: unknown;
  readonly image: ImageInput | undefined;
  /** Options of every call, oldest first; `toSpec` merges them. */
  readonly container: readonly unknown[];
  readonly sidecars: readonly { readonly name: unknown; readonly options: unknown }[];
  /** A name, or what a `Cluster` had assembled. */
  readonly cluster: { readonly named: unknown } | { readonly described: ClusterInput } | undefined;
  readonly logs: { readonly group: unknown; readonly options: unknown } | undefined;
  readonly taskRole: { readonly role: unknown } | undefined;
  readonly tags: readonly unknown[];
  readonly overrides: readonly unknown[];
  readonly cloud: unknown;
}

export interface DeploymentInput extends TaskInput {
  readonly service: readonly unknown[];
  readonly route: RouteInput | undefined;
  readonly blueGreen: { readonly options: unknown } | undefined;
  readonly autoscale: { readonly options: unknown } | undefined;
  readonly beforeRelease: { readonly options: unknown } | undefined;
}

export interface ImageInput {
  readonly source: unknown;
  readonly options: unknown;
  /** What a directory's Dockerfile says, for whoever needs to know. */
  readonly dockerfile?: DockerfileInput;
}

/** The TCP ports that the Dockerfile exposes, or why they are not known. */
export type DockerfileInput =
  | { readonly ports: readonly number[] }
  | { readonly problem: string }
  /** It could not be read, and need not be: nothing is to be built. */
  | "unknown";

export interface JobInput extends TaskInput {
  readonly schedule: { readonly expression: unknown; readonly options: unknown } | undefined;
}

export interface RouteInput {
  /** A name (`undefined`: derived from the deployment's), or what a `LoadBalancer` had assembled. */
  readonly loadBalancer: { readonly named: unknown } | { readonly described: LoadBalancerInput };
  readonly options: unknown;
}

export interface ClusterInput {
  readonly name: unknown;
  readonly capacity: { readonly type: "ec2" | "fargate"; readonly options: unknown } | undefined;
  readonly autoscale: { readonly options: unknown } | undefined;
  readonly network: { readonly options: unknown } | undefined;
  readonly tags: readonly unknown[];
  /** It is used as it is: `Cluster.existing(name)`. */
  readonly existing: boolean;
  readonly cloud: unknown;
}

export interface LoadBalancerInput {
  readonly name: unknown;
  readonly http: readonly unknown[];
  readonly https: readonly { readonly port: unknown; readonly options: unknown }[];
  readonly internal: boolean;
  readonly allow: readonly unknown[] | undefined;
  readonly securityGroup: { readonly name: unknown } | undefined;
  readonly network: { readonly options: unknown } | undefined;
  readonly tags: readonly unknown[];
  /** It is used as it is: `LoadBalancer.existing(nameOrArn)`. */
  readonly existing: boolean;
  readonly cloud: unknown;
}
