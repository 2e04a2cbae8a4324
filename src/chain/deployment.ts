import type { PolicyDocument } from "../aws/policy-document.js";
import type { Plan } from "../engine/plan.js";
import type { BlueGreenOptions, BlueGreenRelease } from "../operations/release/blue-green-release.js";
import type {
  Deployed,
  DeployOptions,
  Destroyed,
  DestroyOptions,
  OperationOptions,
  ServiceStatus,
} from "../operations/results.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { BeforeReleaseOptions } from "../spec/before-release.js";
import type { ImageOptions } from "../spec/image.js";
import type { PermissionOptions } from "../spec/permission-options.js";
import type { RouteOptions } from "../spec/route.js";
import type { AutoscaleOptions } from "../spec/scaling/autoscale.js";
import type { ServiceOptions } from "../spec/service.js";
import type { Cluster } from "./cluster.js";
import type { ConnectMethods } from "./connect-methods.js";
import { DeploymentChain } from "./deployment-chain.js";
import type { FromTaskDefinitionOptions } from "./from-task-definition.js";
import type { LoadBalancer } from "./load-balancer.js";
import type { NamedDeployment } from "./named-deployment.js";
import type { NetworkRouteMethods } from "./network-route-methods.js";
import type { Complete, HasCluster, HasImage, NoCalls, Ready } from "./not-ready.js";
import type { Operations } from "./operations.js";
import type { TaskChainMethods } from "./task-chain.js";

declare const state: unique symbol;

/** A deployment with an image and a cluster: the parameter type for functions that deploy one. */
export type CompleteDeployment = Deployment<Complete>;

/**
 * A containerized service on Amazon ECS.
 *
 * A deployment is immutable: every method returns a new one, so that a chain can be stored and branched. The
 * operations (`plan`, `deploy`, `status`, `destroy` and others) require `.image()` and `.cluster()`. They
 * validate the description before they send any request, and reject with one `SpecError` (code `invalid-spec`)
 * that lists all issues.
 *
 * @typeParam State - the calls that the chain has had; it is inferred
 * @example
 * ```ts
 * import { Deployment } from "quayside";
 *
 * const outcome = await new Deployment("talk-service")
 *   .image("123456789012.dkr.ecr.eu-west-1.amazonaws.com/talk-service:1")
 *   .port(8080)
 *   .cluster("conference-cluster")
 *   .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health" })
 *   .deploy();
 * outcome.url; // http://conferenceAlb-….elb.amazonaws.com/talk
 * ```
 */
export interface Deployment<State extends object = NoCalls>
  extends TaskChainMethods, ConnectMethods, NetworkRouteMethods, Operations<Ready<State, Deployment<State>>> {
  /** Exists only in the type. */
  readonly [state]?: State;

  /**
   * Sets the image: a directory with a Dockerfile (a path that begins with `.` or `/`, on Windows also with a drive,
   * or a `file:` URL), or an image reference to ECR, Docker Hub or a private registry.
   *
   * A directory is built with the local `docker` command (Docker Desktop, Colima, Podman's emulation, a remote
   * `DOCKER_HOST`, with its builders and caches) and pushed to an ECR repository that the deployment owns, with
   * immutable tags and scan on push; ECR costs 0.10 USD per GB and month. The task definition refers to the
   * image by digest. The tag is a hash of the directory's content (without what `.dockerignore` excludes), the
   * Dockerfile, `target`, `buildArgs` and the platforms: while ECR has an image with this tag, nothing is built or
   * pushed. A new version of the base image is not detected: change the Dockerfile's `FROM` to use it.
   *
   * A reference is pulled with the task execution role; private registries other than ECR require
   * `credentials`. A tag in ECR, in the deployment's region, is resolved to its digest, so that pushing the tag
   * again is a change. In other registries it is not: use a new tag for every version.
   *
   * @throws QuaysideError `docker-missing`, `docker-unreachable`, `image-build-failed`,
   * `image-push-failed`, `image-wrong-platform`, `image-sources-changed`, `disk-full`, `image-not-found`
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const built = new Deployment("talk-service").image("./talk-service", { target: "release" });
   * const talk = new Deployment().image("registry.example.com/conference/talk-service:1.4.2", {
   *   credentials: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:registry-AbCdEf",
   * });
   * ```
   */
  image(source: string | URL, options?: ImageOptions): Deployment<State & HasImage>;

  /** Sets the port that the process listens on, 1 to 65535: short for `container({ port })`. */
  port(port: number): this;

  /**
   * Configures the ECS service and its rollouts. Several calls are merged.
   *
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service").service({
   *   name: "talk-service-ecs",
   *   desired: 2,
   *   rolling: { minHealthyPercent: 50, maxPercent: 200 },
   * });
   * ```
   */
  service(options: ServiceOptions): this;

  /**
   * Sets the cluster. A name refers to an existing cluster, which is used as it is, or creates a cluster with 2
   * to 4 `t3.small` instances. A `Cluster` is created, and updated to match its description. To run on Fargate,
   * pass `new Cluster(name).fargate()`: its tasks need sizes.
   */
  cluster(cluster: string | Cluster): Deployment<State & HasCluster>;

  /**
   * Puts the service behind an Application Load Balancer, with its own target group and listener rules. Several
   * deployments can share a load balancer. A load balancer given by name (by default the deployment's) listens
   * on port 80 and is open to the internet. Requires the container's port.
   *
   * A call with `container` or `port` adds a route, up to five; without, it replaces the main one.
   *
   * @example
   * ```ts
   * import { Deployment, LoadBalancer } from "quayside";
   *
   * const alb = new LoadBalancer("conferenceAlb").http(80);
   * const talk = new Deployment("talk-service").port(8080).behindAlb(alb, {
   *   path: "/talk*",
   *   healthCheck: { path: "/health", codes: "200", interval: "15s" },
   *   deregistrationDelay: "30s",
   * });
   * const both = talk.behindAlb(alb, { path: "/admin*", container: "admin", port: 9000 }); // a sidecar
   * ```
   */
  behindAlb(options?: RouteOptions): this;
  behindAlb(loadBalancer: string | LoadBalancer | undefined, options?: RouteOptions): this;

  /** Scales the number of tasks (see `AutoscaleOptions`): a deploy never sets it. A later call replaces this one. */
  autoscale(options: AutoscaleOptions): this;

  /**
   * Runs a one-off task of the new version, such as a migration, that must exit with code 0 before the rollout
   * begins. It runs once for each new revision of the task definition, on the service's cluster, with the same
   * environment, secrets and roles. Its output is emitted as `log` events. If it fails, `deploy()` rejects with a
   * `QuaysideError` (code `before-release-failed`), and the current version keeps running.
   *
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service").beforeRelease({ command: ["node", "migrate.mjs"] });
   * ```
   */
  beforeRelease(options: BeforeReleaseOptions): this;

  /**
   * Releases new versions with blue/green deployments instead of rolling updates: a new version starts beside
   * the old one, and the traffic is shifted to it. Creates two services (`…-blue` and `…-green`), two target
   * groups, and for each listener a rule with weighted target groups. While both versions run, AWS bills the
   * tasks of both. The first deploy goes live on blue. A deployment can be switched from rolling updates to
   * blue/green and back without losing requests. Requires `.behindAlb()`.
   * With `.behindNlb()`, or a name in Service Connect alone, ECS itself shifts, by `shift`, `every` and `alarms` only.
   *
   * With `.autoscale()`, each color is scaled separately. The new version starts with as many tasks as the live
   * one. While both receive traffic, neither is scaled in, nor is the old version while it is kept. Once the new
   * version has all traffic and its alarms have evaluated it (at most four minutes), it is scaled as described.
   *
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment("talk-service")
   *   .image("registry.example.com/conference/talk-service:2")
   *   .port(8080)
   *   .cluster("conference-cluster")
   *   .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health" })
   *   .blueGreen({
   *     shift: [10, 50, 100],
   *     every: "5m",
   *     verify: async ({ fetch }) => {
   *       const { ok, status } = await fetch("/talk");
   *       if (!ok) throw new Error(`/talk answers ${status}`);
   *     },
   *     alarms: ["talk-5xx"],
   *   });
   * ```
   */
  blueGreen(options?: BlueGreenOptions): this;

  /**
   * Returns what a deploy would change. Changes nothing.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError
   */
  plan(this: Ready<State, Deployment<State>>, options?: DeployOptions): Promise<Plan>;

  /**
   * Makes AWS match the description, and waits until the new version is healthy. Creates missing resources,
   * updates those that differ, and deletes those of earlier deploys that are no longer described. It can be run
   * again at any time, including after a failure: completed steps are kept.
   *
   * With blue/green, the new version starts in the color without traffic, is verified, and receives the traffic
   * step by step. If anything fails, all traffic is back on the old version before the error is thrown (code
   * `release-taken-back`, or the code of an abort or a timeout).
   *
   * @throws SpecError, OwnershipError, AwsError, RolloutError, AbortedError, TimeoutError, QuaysideError
   */
  deploy(this: Ready<State, Deployment<State>>, options?: DeployOptions): Promise<Deployed>;

  /**
   * Returns the release of a blue/green deployment with its two colors. It is read from AWS, and therefore works
   * from any process at any time.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  release(this: Ready<State, Deployment<State>>, options?: OperationOptions): Promise<BlueGreenRelease>;

  /**
   * Returns the current state: tasks, rollout, target health, instances and the latest service events.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  status(this: Ready<State, Deployment<State>>, options?: OperationOptions): Promise<ServiceStatus>;

  /**
   * Deletes the resources with this deployment's tags, and its cluster and load balancer if no other deployment
   * uses them; never anything else. Running one-off tasks are stopped first. Resources that are kept are returned
   * with the reason. A second run finds nothing to delete and succeeds.
   *
   * The ECR repository of a built image is kept with its images, unless it is empty or `{ images: true }` is
   * set.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  destroy(this: Ready<State, Deployment<State>>, options?: DestroyOptions): Promise<Destroyed>;

  /**
   * Returns the least IAM policy with which the deployment's operations succeed: plain JSON, for the role or the user
   * that runs them. It is narrowed by names, region, account and quayside's tags, and changes with the
   * description. It sends no requests. Source of the rules: AWS's Service Authorization Reference.
   *
   * IAM limits a managed policy to 6,144 characters without white space, and the inline policies of a role to
   * 10,240. Statements are independent: put those of a longer policy into several managed policies.
   *
   * @throws SpecError
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const talk = new Deployment().image("talk-service:1").cluster("conference-cluster");
   * const policy = talk.permissions({ account: "123456789012", region: "eu-west-1", for: ["plan", "deploy"] });
   * console.log(JSON.stringify(policy));
   * ```
   */
  permissions(this: Ready<State, Deployment<State>>, options?: PermissionOptions): PolicyDocument;

  /**
   * Returns the description with all defaults, as plain frozen data. Sends no requests.
   *
   * @throws SpecError
   */
  toJSON(this: Ready<State, Deployment<State>>): DeploymentSpec;
}

/** The constructor of `Deployment`. */
export interface DeploymentConstructor {
  /**
   * Describes a deployment.
   *
   * @param name - 1 to 245 letters, digits, hyphens and underscores, used in the names and tags of the
   * deployment's resources. @defaultValue the last segment of the image's repository or directory
   */
  new (name?: string): Deployment;
  /**
   * Describes the deployment of a task definition: an object or JSON, as a file or `describe-task-definition` has it.
   * Its log groups are used as they are, and created if they do not exist.
   * @throws SpecError that names, by path, what the chain cannot express: nothing is dropped in silence
   */
  fromTaskDefinition(json: object | string, options?: FromTaskDefinitionOptions): Deployment<HasImage>;

  /**
   * Returns a deployment that is known by its name only, for another process, days later: no image and no cluster is
   * needed, what AWS knows serves.
   *
   * @param name - the deployment's name, as `deployments()` lists it
   * @example
   * ```ts
   * import { Deployment } from "quayside";
   *
   * const release = await Deployment.named("talk-service").release();
   * await release.promote();
   * ```
   */
  named(name: string): NamedDeployment;
  readonly prototype: Deployment;
}

export const Deployment: DeploymentConstructor = DeploymentChain;
