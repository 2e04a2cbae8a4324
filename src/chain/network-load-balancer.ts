import type { Overrides } from "../aws/overrides.js";
import type { PolicyDocument } from "../aws/policy-document.js";
import type { Plan } from "../engine/plan.js";
import type { LoadBalancerDeployed, LoadBalancerStatus } from "../operations/load-balancer-operations.js";
import type { Destroyed, OperationOptions } from "../operations/results.js";
import type { NetworkLoadBalancerAttributes } from "../spec/load-balancer-attributes.js";
import type { NetworkOptions } from "../spec/network.js";
import type { TlsOptions } from "../spec/network-load-balancer.js";
import type { PermissionOptions } from "../spec/permission-options.js";
import type { ChainMethods } from "./chain.js";
import { NetworkLoadBalancerChain } from "./network-load-balancer-chain.js";
import type { Network } from "./network.js";

/**
 * A Network Load Balancer: for protocols other than HTTP, addresses that never change, and client addresses that tasks
 * see. Several deployments can share it, each with listeners of its own.
 *
 * The first deployment that uses the load balancer creates it, later ones update it to match the description, and the
 * `destroy()` of the last one deletes it. AWS bills it by the hour and by traffic. If a load balancer of this name exists
 * and is not managed by quayside, the run rejects with an `OwnershipError` (code `not-owned`), unless it has the option
 * `adopt: true`.
 *
 * A load balancer is immutable: every method returns a new one. Invalid options are reported by the operations of the load
 * balancer, or of a deployment that uses it, in a `SpecError` with paths such as `loadBalancer.tcp`.
 *
 * @example
 * ```ts
 * import { NetworkLoadBalancer } from "quayside";
 *
 * const nlb = new NetworkLoadBalancer("conferenceNlb").tcp(5432).tls(6380, { certificate: "cache.example.com" });
 * ```
 */
export interface NetworkLoadBalancer extends ChainMethods {
  /**
   * Adds a TCP listener. The tasks get what clients send as it is, also TLS that they decrypt themselves. It exists as long
   * as a deployment is behind it: AWS has no listener without a target group.
   *
   * @param port - 1 to 65535
   */
  tcp(port: number): NetworkLoadBalancer;

  /**
   * Adds a TLS listener (TLS 1.2 and 1.3): the load balancer decrypts, and the tasks get TCP. A certificate that is named
   * must exist in ACM (or IAM), in the load balancer's region; without one, ACM issues a certificate for the domains of the
   * route behind it (`.behindNlb(nlb, { domain })`).
   *
   * @param port - 1 to 65535. @defaultValue 443
   * @throws QuaysideError `no-certificate`, `certificate-not-usable`, before anything is changed
   * @example
   * ```ts
   * import { NetworkLoadBalancer } from "quayside";
   *
   * const nlb = new NetworkLoadBalancer("conferenceNlb").tls(6380, { certificate: "cache.example.com" });
   * ```
   */
  tls(port?: number, options?: TlsOptions): NetworkLoadBalancer;

  /**
   * Adds a UDP listener. The tasks behind it need a TCP port as well, which the load balancer checks:
   * `.behindNlb(nlb, { healthCheck: { port } })`. AWS cannot make it a TCP listener: use another port.
   *
   * @param port - 1 to 65535
   */
  udp(port: number): NetworkLoadBalancer;

  /**
   * Makes the load balancer internal: reachable only from within the VPC, not from the internet. AWS cannot change the
   * scheme of an existing load balancer. The next deploy of a service behind it therefore creates a second one, named
   * `{load balancer}-internal` (or `-public`), with a new address, and the plan warns of it. The old one is deleted with
   * its last user.
   */
  internal(): NetworkLoadBalancer;

  /**
   * Sets the IPv4 and IPv6 CIDR blocks that can reach the listeners, each given by its first address. Several calls add
   * blocks.
   *
   * @defaultValue all addresses, `0.0.0.0/0` and `::/0`
   */
  allow(...blocks: readonly [string, ...string[]]): NetworkLoadBalancer;

  /**
   * Sets the name of the security group, which is created if it does not exist: 1 to 255 characters, unique in the VPC.
   *
   * @defaultValue `{load balancer}-nlb`
   */
  securityGroup(name: string): NetworkLoadBalancer;

  /**
   * Gives the load balancer static public addresses: the allocation IDs of Elastic IP addresses that you have, one for each
   * subnet, in the order of the subnets in `.network({ subnets })`. Several calls add addresses. They stay yours: quayside
   * does not release them. AWS sets them at creation only: a deploy with others is refused. AWS bills public IPv4 addresses.
   *
   * @defaultValue AWS's own addresses, which stay the same as long as the load balancer exists
   * @throws QuaysideError `wrong-addresses`, before anything is changed
   * @example
   * ```ts
   * import { NetworkLoadBalancer } from "quayside";
   *
   * const nlb = new NetworkLoadBalancer("conferenceNlb")
   *   .tcp(5432)
   *   .network({ vpc: "main", subnets: ["subnet-0aaaaaaaaaaaaaaa1", "subnet-0aaaaaaaaaaaaaaa2"] })
   *   .addresses("eipalloc-0123456789abcdef0", "eipalloc-0123456789abcdef1");
   * ```
   */
  addresses(...allocationIds: readonly [string, ...string[]]): NetworkLoadBalancer;

  /**
   * Sets the network: one subnet per Availability Zone, in one zone or more. An internet-facing load balancer requires
   * public subnets. A later call replaces this one.
   *
   * @defaultValue the VPC of the cluster
   * @throws QuaysideError `no-vpc`, `no-subnets`, `same-zone`, `no-internet-gateway`, `different-vpcs`, before anything is
   * changed
   */
  network(options: NetworkOptions | Network): NetworkLoadBalancer;

  /**
   * Sets attributes: cross-zone load balancing, deletion protection, access logs. Several calls are merged. Attributes that
   * are not given stay as they are; one that is no longer given returns to AWS's default.
   *
   * @throws AwsError if AWS may not write to the bucket of the logs
   */
  attributes(options: NetworkLoadBalancerAttributes): NetworkLoadBalancer;

  /**
   * Changes the requests for the load balancer and its security group, also in the runs of deployments that use it: each
   * function gets quayside's input and returns the input to send. A later override of the same operation wins. Listeners
   * and target groups are the deployments': they have overrides of their own.
   *
   * @throws SpecError for an operation that cannot be overridden; QuaysideError `invalid-override`
   */
  override(overrides: Overrides): NetworkLoadBalancer;

  /**
   * Returns what `deploy` would change. Changes nothing.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError
   */
  plan(options?: OperationOptions): Promise<Plan>;

  /**
   * Creates or updates the load balancer and its security group, and waits until it is active. Its listeners are created by
   * the deployments behind it.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError
   */
  deploy(options?: OperationOptions): Promise<LoadBalancerDeployed>;

  /**
   * Returns the state of the load balancer and of its listeners.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  status(options?: OperationOptions): Promise<LoadBalancerStatus>;

  /**
   * Deletes the load balancer. One that still forwards to a service is kept, and returned with the reason.
   *
   * @throws SpecError, AwsError, AbortedError, TimeoutError
   */
  destroy(options?: OperationOptions): Promise<Destroyed>;

  /**
   * Returns the least IAM policy with which the load balancer's operations succeed: plain JSON, for the role or the user
   * that runs them. It sends no requests. Source of the rules: AWS's Service Authorization Reference.
   *
   * @throws SpecError
   */
  permissions(options?: PermissionOptions): PolicyDocument;
}

/** The constructor of `NetworkLoadBalancer`. */
export interface NetworkLoadBalancerConstructor {
  /**
   * Describes a Network Load Balancer.
   *
   * @param name - 1 to 32 letters, digits and hyphens, no hyphen at either end, not beginning with `internal-`; unique in
   * the region, among Application Load Balancers, too
   */
  new (name: string): NetworkLoadBalancer;

  /**
   * Uses an existing Network Load Balancer, which is never changed or deleted, and must have a security group that admits
   * the clients. A deployment adds a listener and a target group to it, and a rule to the security group of its own tasks
   * or instances; its `destroy()` deletes exactly these.
   *
   * @param nameOrArn - the name or the ARN, in the region of the run
   * @throws QuaysideError `no-load-balancer`, `no-security-group`
   * @example
   * ```ts
   * import { Deployment, NetworkLoadBalancer } from "quayside";
   *
   * const nlb = NetworkLoadBalancer.existing("shared-nlb").tcp(5432);
   * const store = new Deployment("talk-store").behindNlb(nlb, { port: 5432 });
   * ```
   */
  existing(nameOrArn: string): NetworkLoadBalancer;
  readonly prototype: NetworkLoadBalancer;
}

export const NetworkLoadBalancer: NetworkLoadBalancerConstructor = NetworkLoadBalancerChain;
