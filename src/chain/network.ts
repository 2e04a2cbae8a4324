import type { Overrides } from "../aws/overrides.js";
import type { PolicyDocument } from "../aws/policy-document.js";
import type { Plan } from "../engine/plan.js";
import type { NetworkDeployed, NetworkStatus } from "../operations/network-operations.js";
import type { Destroyed, OperationOptions } from "../operations/results.js";
import type { NetworkOptions } from "../spec/network.js";
import type { PermissionOptions } from "../spec/permission-options.js";
import type { ChainMethods } from "./chain.js";
import { NetworkChain } from "./network-chain.js";

/**
 * A VPC with a public and a private subnet in each of its Availability Zones, which clusters and load balancers can
 * share. Container instances and tasks are in the private subnets, load balancers on the internet in the public ones.
 *
 * The first deployment that uses the network creates it, later ones update it to match the description, and the
 * `destroy()` of the last one deletes it, once nothing else is in the VPC. Its parts are known by their tags.
 *
 * A network is immutable: every method returns a new one. Invalid options are reported in a `SpecError` with paths such
 * as `network.zones`.
 *
 * @example
 * ```ts
 * import { Cluster, LoadBalancer, Network } from "quayside";
 *
 * const net = new Network("conference").zones(2).nat("one");
 * const cluster = new Cluster("conference-cluster").ec2().network(net);
 * const alb = new LoadBalancer("conferenceAlb").network(net).http();
 * ```
 */
export interface Network extends ChainMethods {
  /**
   * Sets the number of Availability Zones, each with a public and a private subnet. A load balancer needs at least two.
   * A later call replaces this one. Zones can be added and removed later; one that is removed must be empty.
   *
   * @param count - 1 to 6
   * @defaultValue 2, the first ones of the region
   * @throws QuaysideError `too-few-zones` if the region has fewer
   */
  zones(count: number): Network;

  /**
   * Sets how the private subnets reach the internet. A later call replaces this one, and changes an existing network.
   *
   * - `"one"`: all of them through a NAT gateway in the first zone. If that zone fails, the others have no way out.
   * - `"each"`: each zone through a NAT gateway of its own.
   * - `"none"`: not at all. VPC endpoints lead to the AWS services that its users need: ECR, S3 and CloudWatch Logs, on
   *   EC2 also ECS, and Secrets Manager, Systems Manager or ECS Exec where they are used. Images must be in ECR. An
   *   endpoint that no deployment needs any more is deleted with the network.
   *
   * AWS bills a NAT gateway with its address and an interface endpoint in each zone by the hour, and by traffic: the plan
   * says how much.
   *
   * @defaultValue `"one"`
   */
  nat(gateways: "one" | "each" | "none"): Network;

  /**
   * Sets the VPC's IPv4 block, a /16 to a /24, which is divided among the subnets: a /16 has room for subnets of 4,091
   * addresses, and a network with a load balancer needs a /23 at least. It cannot be changed later. A later call replaces this one.
   *
   * @defaultValue `"10.0.0.0/16"`
   */
  cidr(block: string): Network;

  /**
   * Adds VPC endpoints for AWS services that the tasks use, by the service's name in `com.amazonaws.<region>.<name>`.
   * Those of S3 and DynamoDB are gateway endpoints, which are free of charge; S3's is always there. Several calls are
   * merged.
   *
   * @example
   * ```ts
   * import { Network } from "quayside";
   *
   * const net = new Network("conference").nat("none").endpoints("sqs", "dynamodb");
   * ```
   */
  endpoints(...services: readonly string[]): Network;

  /**
   * Changes the requests for the network, also in the runs of deployments that use it: each function gets quayside's
   * input and returns the input to send. A later override of the same operation wins.
   *
   * @throws SpecError for an operation that cannot be overridden; QuaysideError `invalid-override`
   */
  override(overrides: Overrides): Network;

  /**
   * Returns what `deploy` would change, and what it costs. Changes nothing.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError
   */
  plan(options?: OperationOptions): Promise<Plan>;

  /**
   * Creates or updates the network, and waits until its NAT gateways and endpoints are available.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError; QuaysideError `too-few-zones`,
   * `nat-gateway-failed`, `vpc-endpoint-failed`
   */
  deploy(options?: OperationOptions): Promise<NetworkDeployed>;

  /**
   * Returns the VPC, its subnets, NAT gateways and endpoints as they are now.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  status(options?: OperationOptions): Promise<NetworkStatus>;

  /**
   * Deletes the network. While something else is in the VPC, it is kept, and returned with the reason.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  destroy(options?: OperationOptions): Promise<Destroyed>;

  /**
   * Returns the least IAM policy with which the network's operations succeed: plain JSON, for the role or the user that
   * runs them. It sends no requests. Source of the rules: AWS's Service Authorization Reference.
   *
   * @throws SpecError
   */
  permissions(options?: PermissionOptions): PolicyDocument;
}

/** The constructor of `Network`. */
export interface NetworkConstructor {
  /**
   * Describes a network in two Availability Zones with one NAT gateway.
   *
   * @param name - 1 to 200 letters, digits, hyphens and underscores, unique in the region
   */
  new (name: string): Network;

  /**
   * Uses an existing VPC, existing subnets, or both, which are never changed or deleted: the same as
   * `.network({ vpc, subnets })`. It has no operations of its own.
   *
   * @example
   * ```ts
   * import { Cluster, Network } from "quayside";
   *
   * const cluster = new Cluster("conference-cluster").network(Network.existing({ vpc: "main" }));
   * ```
   */
  existing(options: NetworkOptions): Network;
  readonly prototype: Network;
}

export const Network: NetworkConstructor = NetworkChain;
