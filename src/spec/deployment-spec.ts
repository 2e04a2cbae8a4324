import type { InstanceScalingSpec, ServiceScalingSpec } from "./scaling-spec.js";

/*
 * What the chains produce: frozen, serialisable, validated data. Durations are seconds, sizes are
 * ECS's units (cpu 1024 = 1 vCPU, memory MiB). Defaults are filled in; nothing here is optional
 * by accident: `undefined` means "not asked for".
 */

export interface DeploymentSpec {
  readonly name: string;
  readonly image: ImageSpec;
  readonly container: ContainerSpec;
  readonly sidecars: readonly SidecarSpec[];
  readonly service: ServiceSpec;
  readonly cluster: ClusterSpec;
  readonly route: RouteSpec | undefined;
  readonly logs: LogsSpec;
  /** `undefined`: a new version replaces the old one task by task (ECS's rolling update). */
  readonly blueGreen: BlueGreenSpec | undefined;
  /** `undefined`: the number of tasks stays as it is. */
  readonly scaling: ServiceScalingSpec | undefined;
  /** The user's own tags, set beside quayside's on everything that the deployment owns. */
  readonly tags: Readonly<Record<string, string>>;
  /** A task of the new version that must succeed before its rollout begins. */
  readonly beforeRelease: BeforeReleaseSpec | undefined;
  /** What the containers' processes may do in AWS; `undefined`: nothing, but what ECS Exec needs. */
  readonly taskRole: TaskRoleSpec | undefined;
}

export type TaskRoleSpec =
  | { readonly from: "arn"; readonly arn: string }
  | {
      readonly from: "policies";
      /** ARNs. */
      readonly managed: readonly string[];
      readonly inline: readonly PolicyDocumentSpec[];
    };

/** An IAM policy, as IAM takes it. */
export interface PolicyDocumentSpec {
  readonly Version: string;
  readonly Statement: unknown;
}

/** What a task is made from, whoever runs it: a service, a job, or the user himself. */
export type TaskSpec = Pick<
  DeploymentSpec,
  "name" | "image" | "container" | "sidecars" | "cluster" | "logs" | "tags" | "taskRole"
>;

export interface BeforeReleaseSpec {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly timeout: number;
}

export interface JobSpec extends TaskSpec {
  readonly schedule: JobScheduleSpec | undefined;
}

export interface JobScheduleSpec {
  /** `cron(0 3 * * ? *)`, `rate(1 hour)` or `at(2026-12-24T18:00:00)`. */
  readonly expression: string;
  readonly timezone: string;
  /** Tasks each time. */
  readonly count: number;
  readonly enabled: boolean;
}

export interface ImageSpec {
  /** A registry reference, as ECS takes it; of a directory, the directory as it was given. */
  readonly reference: string;
  /** ARN of the Secrets Manager secret with the registry's user and password. */
  readonly credentials: string | undefined;
  /** How the directory's image is built; `undefined`: it is in a registry already. */
  readonly build: BuildSpec | undefined;
}

export interface BuildSpec {
  /** As it was given: relative to the current directory. */
  readonly directory: string;
  /** Relative to the directory. */
  readonly dockerfile: string;
  readonly target: string | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** `undefined`: what the cluster's instances are. */
  readonly platform: "linux/amd64" | "linux/arm64" | undefined;
  /** Name of the ECR repository. */
  readonly repository: string;
  /** `share`: the user named it, and one that exists serves as it is. */
  readonly claim: "own" | "share";
}

export interface ContainerSpec {
  readonly name: string;
  readonly port: number | undefined;
  /** EC2: the container's share. Fargate: the task's size (always set there). */
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  readonly memoryReservation: number | undefined;
  readonly command: readonly string[] | undefined;
  readonly entryPoint: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Environment name -> an ARN (Secrets Manager or Parameter Store) or a parameter's name. */
  readonly secrets: Readonly<Record<string, SecretSource>>;
  readonly healthCheck: ContainerHealthCheckSpec | undefined;
  /** Container name -> what it must have come to before this one starts. */
  readonly dependsOn: Readonly<Record<string, DependencySpec>>;
  readonly stopTimeout: number | undefined;
  readonly user: string | undefined;
}

export type DependencySpec = "START" | "HEALTHY" | "COMPLETE" | "SUCCESS";

/** Another container of the task. Its sizes are its own, on Fargate parts of the task's. */
export interface SidecarSpec extends ContainerSpec {
  readonly image: Pick<ImageSpec, "reference" | "credentials">;
  /** Whether the task ends with it. */
  readonly essential: boolean;
}

export type SecretSource =
  | { readonly from: "parameter-store"; readonly parameter: string }
  | { readonly from: "arn"; readonly arn: string };

export interface ContainerHealthCheckSpec {
  /** As ECS takes it: `["CMD-SHELL", "curl -f http://localhost/ || exit 1"]`. */
  readonly command: readonly string[];
  readonly interval: number;
  readonly timeout: number;
  readonly retries: number;
  readonly startPeriod: number | undefined;
}

export interface ServiceSpec {
  readonly name: string;
  /** `undefined`: 2 when the service is created, and whatever it has afterwards. */
  readonly desired: number | undefined;
  readonly minHealthyPercent: number;
  readonly maxPercent: number;
  readonly circuitBreaker: boolean;
  /** Seconds; only with a load balancer. */
  readonly healthCheckGrace: number | undefined;
  /** Whether ECS Exec may start processes in the containers. */
  readonly exec: boolean;
  /** Revisions that stay, so that they can be gone back to. */
  readonly keepReleases: number;
  /** `undefined`: on Fargate, which has no instances. */
  readonly placement: PlacementSpec | undefined;
}

/** On which instances tasks are placed, in ECS's words. */
export interface PlacementSpec {
  readonly strategy: readonly PlacementStrategySpec[];
  readonly constraints: readonly PlacementConstraintSpec[];
}

export interface PlacementStrategySpec {
  readonly type: "random" | "spread" | "binpack";
  readonly field?: string;
}

export interface PlacementConstraintSpec {
  readonly type: "distinctInstance" | "memberOf";
  readonly expression?: string;
}

export interface ClusterSpec {
  readonly name: string;
  /**
   * `own`: created and kept as described. `use-or-create`: one that exists, ours or not, is used as it
   * is; otherwise it is created (a cluster given by its bare name). `existing`: it must exist, and is
   * never changed.
   */
  readonly claim: "own" | "use-or-create" | "existing";
  readonly capacity: Ec2CapacitySpec | FargateCapacitySpec;
  /** `undefined`: the default VPC. */
  readonly network: NetworkSpec | undefined;
  /** The user's own tags on what the cluster owns. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface Ec2CapacitySpec {
  readonly type: "ec2";
  readonly instanceType: string;
  /** `undefined`: the recommended ECS-optimized Amazon Linux 2023 when the launch template is created. */
  readonly ami: string | undefined;
  readonly keyPair: KeyPairSpec | undefined;
  readonly securityGroup: string;
  readonly instanceRole: string;
  readonly spot: boolean;
  /** Shell lines that run after ours, at each instance's first boot. */
  readonly userData: string | undefined;
  readonly min: number;
  readonly max: number;
  /** `undefined`: their number stays within the bounds as it is. */
  readonly scaling: InstanceScalingSpec | undefined;
}

export interface KeyPairSpec {
  readonly name: string;
  /** Where to write the private key of a key pair that does not exist yet; `undefined`: it must exist. */
  readonly createTo: string | undefined;
}

export interface FargateCapacitySpec {
  readonly type: "fargate";
  readonly spot: boolean;
}

/** A VPC, subnets of it, or both. */
export interface NetworkSpec {
  /** Its id, or the value of its `Name` tag. */
  readonly vpc: string | undefined;
  readonly subnetIds: readonly string[] | undefined;
  /** Tags that the subnets carry, all of them. */
  readonly subnetTags: Readonly<Record<string, string>> | undefined;
}

export interface LoadBalancerSpec {
  readonly name: string;
  /**
   * `own`: created and kept as described. `use-or-create`: left as it is once it is made (one given by its
   * bare name). `existing`: it must exist, is never changed, and has the listeners that it has.
   */
  readonly claim: "own" | "use-or-create" | "existing";
  readonly scheme: "internet-facing" | "internal";
  /** Of one that exists only those that were named; none: all that serve. */
  readonly listeners: readonly ListenerSpec[];
  /** `undefined`: the VPC of the cluster behind it. */
  readonly network: NetworkSpec | undefined;
  readonly securityGroup: string;
  /** CIDR blocks (IPv4 and IPv6) that may reach the listeners. */
  readonly allow: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface ListenerSpec {
  readonly protocol: "http" | "https";
  readonly port: number;
  /** HTTPS only. */
  readonly certificate: CertificateSource | undefined;
  /** It only sends requests on, to HTTPS at this port. */
  readonly redirectTo: number | undefined;
}

export type CertificateSource =
  { readonly from: "arn"; readonly arn: string } | { readonly from: "acm"; readonly domain: string };

export interface RouteSpec {
  readonly loadBalancer: LoadBalancerSpec;
  /** Path patterns; at least one. */
  readonly path: readonly string[];
  /** Host patterns; empty: any host. */
  readonly host: readonly string[];
  readonly targetGroup: string;
  readonly healthCheck: TargetHealthCheckSpec;
  readonly priority: number | undefined;
  readonly deregistrationDelay: number;
  /** Seconds that the load balancer's cookie binds a client to a task; `undefined`: it does not. */
  readonly stickiness: number | undefined;
}

export interface TargetHealthCheckSpec {
  readonly path: string;
  /** HTTP codes that count as healthy: `200`, `200-399`, `200,204`. */
  readonly codes: string;
  readonly interval: number;
  readonly timeout: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

export interface LogsSpec {
  readonly group: string;
  readonly streamPrefix: string;
  /** Days; `undefined`: kept for ever. */
  readonly retention: number | undefined;
}

/** Two services behind one rule, of which the new one takes the requests over step by step. */
export interface BlueGreenSpec {
  /** Per cent of the requests on the new color, rising to 100. */
  readonly shift: readonly number[];
  /** Seconds after each step. */
  readonly every: number;
  /** Seconds that one call of `verify` may take. */
  readonly verifyTimeout: number;
  /** Names of CloudWatch alarms. */
  readonly alarms: readonly string[];
  /** Seconds after which the old color is stopped; `undefined`: when `retire()` is called. */
  readonly keepOld: number | undefined;
}

/** The port of the target group itself; ECS registers every task with a port of its own. */
export const TARGET_GROUP_PORT = 80;
