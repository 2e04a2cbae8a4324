import type { CapacityType } from "./capacity-type.js";

/*
 * Inputs are what chains collect: the user's values, not yet validated. They are `unknown`, because users of
 * JavaScript have no compiler; `toSpec` validates them.
 */

/** The input that deployments and jobs have in common. */
export interface TaskInput {
  readonly name: unknown;
  readonly image: ImageInput | undefined;
  /** The options of every call, oldest first; `toSpec` merges them. */
  readonly container: readonly unknown[];
  readonly sidecars: readonly {
    readonly name: unknown;
    readonly options: unknown;
    /** What the Dockerfile of the sidecar's directory says of its container, if it has one. */
    readonly dockerfile?: DockerfileInput;
  }[];
  /** The options of every call of `.task`, oldest first. */
  readonly task: readonly unknown[];
  readonly volumes: readonly { readonly name: unknown; readonly options: unknown }[];
  /** The cluster's name, or the input of a `Cluster`. */
  readonly cluster: { readonly named: unknown } | { readonly described: ClusterInput } | undefined;
  readonly logs: { readonly group: unknown; readonly options: unknown } | undefined;
  readonly taskRole: { readonly role: unknown } | undefined;
  readonly iam?: { readonly options: unknown } | undefined;
  readonly tags: readonly unknown[];
  readonly overrides: readonly unknown[];
  readonly cloud: unknown;
}

export interface DeploymentInput extends TaskInput {
  readonly service: readonly unknown[];
  readonly route: RouteInput | undefined;
  /** The calls with a container or a port of their own, oldest first. */
  readonly furtherRoutes?: readonly RouteInput[];
  /** The calls of `.behindNlb`, oldest first. */
  readonly networkRoutes?: readonly NetworkRouteInput[];
  readonly blueGreen: { readonly options: unknown } | undefined;
  /** The options of every call of `.connect`, oldest first. */
  readonly connect?: readonly unknown[];
  /** The options of every call of `.serviceDiscovery`, oldest first. */
  readonly serviceDiscovery?: readonly unknown[];
  readonly autoscale: { readonly options: unknown } | undefined;
  readonly beforeRelease: { readonly options: unknown } | undefined;
}

export interface ImageInput {
  readonly source: unknown;
  readonly options: unknown;
  /** What the directory's Dockerfile says of its container, if known. */
  readonly dockerfile?: DockerfileInput;
}

/** What a Dockerfile says of its container, or why it is unknown. */
export type DockerfileInput =
  | {
      /** The TCP ports that it exposes. */
      readonly ports: readonly number[];
      readonly healthCheck: DockerfileHealthCheckInput | undefined;
      /** False if the image is not going to be built: its health check is then not judged. */
      readonly isBuilt: boolean;
    }
  | { readonly problem: string }
  /** The file cannot be read, which does not matter: nothing is built. */
  | "unknown";

export type DescribedByDockerfile = Extract<DockerfileInput, { readonly ports: unknown }>;

/** `HEALTHCHECK` of a Dockerfile. Durations are in seconds; `undefined` means Docker's default. */
interface DockerfileHealthCheckInput {
  /** `["CMD", word, …]`, or `["CMD-SHELL", line]`. */
  readonly command: readonly string[];
  readonly interval: number | undefined;
  readonly timeout: number | undefined;
  readonly startPeriod: number | undefined;
  readonly retries: number | undefined;
}

export interface JobInput extends TaskInput {
  readonly schedule: { readonly expression: unknown; readonly options: unknown } | undefined;
}

export interface RouteInput {
  /** The load balancer's name (`undefined`: derived from the deployment's), or the input of a `LoadBalancer`. */
  readonly loadBalancer: { readonly named: unknown } | { readonly described: LoadBalancerInput };
  readonly options: unknown;
}

/** The options of `.network(…)`, or the input of a `Network`. */
export type NetworkUseInput = { readonly options: unknown } | { readonly described: NetworkInput };

export interface NetworkInput {
  readonly name: unknown;
  readonly zones: unknown;
  readonly nat: unknown;
  readonly cidr: unknown;
  /** The services of every call, oldest first. */
  readonly endpoints: readonly unknown[];
  readonly tags: readonly unknown[];
  readonly overrides: readonly unknown[];
  /** The options of `Network.existing(…)`. */
  readonly existing: { readonly options: unknown } | undefined;
  readonly cloud: unknown;
}

export interface ClusterInput {
  readonly name: unknown;
  readonly capacity: { readonly type: CapacityType; readonly options: unknown } | undefined;
  readonly autoscale: { readonly options: unknown } | undefined;
  readonly iam?: { readonly options: unknown } | undefined;
  readonly insights: unknown;
  readonly execLogging?: unknown;
  readonly network: NetworkUseInput | undefined;
  readonly tags: readonly unknown[];
  readonly overrides: readonly unknown[];
  /** True for `Cluster.existing(name)`. */
  readonly existing: boolean;
  readonly cloud: unknown;
}

/** A call of `.behindNlb`. */
export interface NetworkRouteInput {
  /** The input of a `NetworkLoadBalancer`; `undefined`: the call has none. */
  readonly loadBalancer: { readonly described: NetworkLoadBalancerInput } | undefined;
  readonly options: unknown;
}

export interface NetworkLoadBalancerInput extends Omit<
  LoadBalancerInput,
  "http" | "https" | "waf" | "answers"
> {
  /** The listeners of every call, oldest first. */
  readonly listeners: readonly {
    readonly protocol: "tcp" | "tls" | "udp";
    readonly port: unknown;
    readonly options: unknown;
  }[];
  readonly addresses: readonly unknown[] | undefined;
}

/** A call of `.redirect(requests, to)` or `.respond(requests, response)`. */
export interface AnswerInput {
  readonly by: "redirect" | "respond";
  readonly requests: unknown;
  readonly options: unknown;
}

export interface LoadBalancerInput {
  readonly name: unknown;
  readonly http: readonly unknown[];
  readonly https: readonly { readonly port: unknown; readonly options: unknown }[];
  readonly internal: boolean;
  readonly allow: readonly unknown[] | undefined;
  readonly securityGroup: { readonly name: unknown } | undefined;
  /** The options of every call, oldest first. */
  readonly attributes?: readonly unknown[];
  readonly waf?: { readonly webAcl: unknown } | undefined;
  /** The calls of `.redirect` and `.respond`, oldest first. */
  readonly answers?: readonly AnswerInput[];
  readonly network: NetworkUseInput | undefined;
  readonly tags: readonly unknown[];
  readonly overrides: readonly unknown[];
  /** True for `LoadBalancer.existing(nameOrArn)`. */
  readonly existing: boolean;
  readonly cloud: unknown;
}
