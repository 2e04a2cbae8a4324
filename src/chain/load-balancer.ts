import type { PolicyDocument } from "../aws/policy-document.js";
import type { Overrides } from "../aws/overrides.js";
import type { Plan } from "../engine/plan.js";
import type { LoadBalancerDeployed, LoadBalancerStatus } from "../operations/load-balancer-operations.js";
import type { Destroyed, OperationOptions } from "../operations/results.js";
import type { PermissionOptions } from "../spec/permission-options.js";
import type { FixedResponseOptions, RedirectOptions } from "../spec/answer-actions.js";
import type { AnsweredRequests } from "../spec/answers.js";
import type { HttpsOptions } from "../spec/listeners.js";
import type { LoadBalancerAttributes } from "../spec/load-balancer-attributes.js";
import type { NetworkOptions } from "../spec/network.js";
import type { ChainMethods } from "./chain.js";
import type { Network } from "./network.js";
import { LoadBalancerChain } from "./load-balancer-chain.js";

/**
 * An Application Load Balancer, which several deployments can share.
 *
 * The first deployment that uses the load balancer creates it, later ones update it to match the description,
 * and the `destroy()` of the last one deletes it. AWS bills it by the hour and by traffic. If a load balancer of
 * this name exists and is not managed by quayside, the run rejects with an `OwnershipError` (code `not-owned`),
 * unless it has the option `adopt: true`.
 *
 * A load balancer is immutable: every method returns a new one. Invalid options are reported by the operations
 * of the load balancer, or of a deployment that uses it, in a `SpecError` with paths such as
 * `loadBalancer.name`.
 *
 * @example
 * ```ts
 * import { LoadBalancer } from "quayside";
 *
 * const alb = new LoadBalancer("conferenceAlb").http(80).securityGroup("conferenceAlbSecurityGroup");
 * ```
 */
export interface LoadBalancer extends ChainMethods {
  /**
   * Adds an HTTP listener. Several listeners forward to the same services. Requests that match no rule get the
   * response 404. For an existing load balancer, this selects the listener to use.
   *
   * @param port - 1 to 65535. @defaultValue 80
   */
  http(port?: number): LoadBalancer;

  /**
   * Adds an HTTPS listener with TLS 1.2 and 1.3. A certificate that is named must exist in ACM (or IAM), in the load
   * balancer's region; a domain's certificate is looked up at every run. Without one, ACM issues a certificate for the
   * domains of the routes behind it (`.behindAlb(alb, { domain })`). For an existing load balancer, this selects the
   * listener to use, without options.
   *
   * @param port - 1 to 65535. @defaultValue 443
   * @throws QuaysideError `no-certificate`, `certificate-not-usable`, before anything is changed
   * @example
   * ```ts
   * import { LoadBalancer } from "quayside";
   *
   * const alb = new LoadBalancer("conferenceAlb").https(443, {
   *   certificate: "talk.example.com",
   *   redirectHttp: true,
   * });
   * ```
   */
  https(port?: number, options?: HttpsOptions): LoadBalancer;

  /**
   * Makes the load balancer internal: reachable only from within the VPC, not from the internet. AWS cannot
   * change the scheme of an existing load balancer. The next deploy of a service behind it therefore creates a
   * second one, named `{load balancer}-internal` (or `-public`), with a new address, and the plan warns of it. The
   * old one is deleted with its last user. Such a change is not supported with blue/green deployments.
   */
  internal(): LoadBalancer;

  /**
   * Sets the IPv4 and IPv6 CIDR blocks that can reach the listeners, each given by its first address. Several
   * calls add blocks.
   *
   * @defaultValue all addresses, `0.0.0.0/0` and `::/0`
   * @example
   * ```ts
   * import { LoadBalancer } from "quayside";
   *
   * const alb = new LoadBalancer("back-office").internal().allow("10.0.0.0/8", "2001:db8::/32");
   * ```
   */
  allow(...blocks: readonly [string, ...string[]]): LoadBalancer;

  /**
   * Sets the name of the security group, which is created if it does not exist: 1 to 255 characters, unique in
   * the VPC.
   *
   * @defaultValue `{load balancer}-alb`
   */
  securityGroup(name: string): LoadBalancer;

  /**
   * Sets the network: one subnet per Availability Zone, in at least two zones. An internet-facing load balancer
   * requires public subnets. A later call replaces this one.
   *
   * @defaultValue the VPC of the cluster
   * @throws QuaysideError `no-vpc`, `no-subnets`, `too-few-zones`, `same-zone`, `no-internet-gateway`,
   * `different-vpcs`, before anything is changed
   * @example
   * ```ts
   * import { LoadBalancer } from "quayside";
   *
   * const alb = new LoadBalancer("conferenceAlb").network({ vpc: "main", subnets: { Tier: "public" } });
   * ```
   */
  network(options: NetworkOptions | Network): LoadBalancer;

  /**
   * Sets attributes: timeouts, access logs, deletion protection and others. Several calls are merged. Attributes that
   * are not given stay as they are; one that is no longer given returns to AWS's default.
   *
   * @throws AwsError `log-bucket` if AWS may not write to the bucket of the logs
   * @example
   * ```ts
   * import { LoadBalancer } from "quayside";
   *
   * const alb = new LoadBalancer("conferenceAlb").attributes({
   *   idleTimeout: "2m",
   *   accessLogs: "s3://conference-logs/alb",
   *   deletionProtection: true,
   * });
   * ```
   */
  attributes(options: LoadBalancerAttributes): LoadBalancer;

  /**
   * Protects the load balancer with a web ACL of AWS WAF, in place of any other. A later call replaces this one; a
   * deploy without it disassociates the web ACL that quayside has associated. AWS bills web ACLs, rules and requests.
   *
   * @param webAcl - the ARN of a regional web ACL, in the load balancer's region
   * @example
   * ```ts
   * import { LoadBalancer } from "quayside";
   *
   * const alb = new LoadBalancer("conferenceAlb").waf(
   *   "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/conference/a1b2c3d4-5678-90ab-cdef-111111111111",
   * );
   * ```
   */
  waf(webAcl: string): LoadBalancer;

  /**
   * Redirects requests, on every listener where that leads to another address. Several calls add redirects. A listener
   * rule with the same priorities as those of deployments: more specific patterns first, a host before a path. It is
   * the load balancer's own: deployments that describe the load balancer describe it alike, and it is deleted with the
   * load balancer, or when the description no longer contains it.
   *
   * @param requests - `{}`: all that no deployment has
   * @example
   * ```ts
   * import { LoadBalancer } from "quayside";
   *
   * const alb = new LoadBalancer("conferenceAlb")
   *   .https(443, { certificate: ["example.com", "www.example.com"], redirectHttp: true })
   *   .redirect({ host: "www.example.com" }, { host: "example.com", status: 301 })
   *   .redirect({ path: "/old/*" }, { to: "/new?from=old" });
   * ```
   */
  redirect(requests: AnsweredRequests, to: RedirectOptions): LoadBalancer;

  /**
   * Answers requests with a fixed response, without a service. Several calls add answers; in all else like `redirect`.
   *
   * @param requests - `{}`: all that no deployment has
   * @example
   * ```ts
   * import { LoadBalancer } from "quayside";
   *
   * const alb = new LoadBalancer("conferenceAlb")
   *   .respond({ path: "/health" }, { status: 200, body: "ok" })
   *   .respond({ path: "/internal/*" }, { status: 403 });
   * ```
   */
  respond(requests: AnsweredRequests, response: FixedResponseOptions): LoadBalancer;

  /**
   * Changes the requests for the load balancer, its listeners and its security group, also in the runs of deployments that use it: each function gets
   * quayside's input and returns the input to send. A later override of the same operation wins.
   *
   * What exists is compared with its create request as overridden: subnets and security groups are changed in
   * place, and what AWS sets at creation only is refused. An override that is removed leaves what it set.
   *
   * @throws SpecError for an operation that cannot be overridden; QuaysideError `invalid-override`
   * @example
   * ```ts
   * import { LoadBalancer } from "quayside";
   *
   * const alb = new LoadBalancer("web").override({
   *   createLoadBalancer: (input) => ({ ...input, IpAddressType: "dualstack" }),
   * });
   * ```
   */
  override(overrides: Overrides): LoadBalancer;

  /**
   * Returns what `deploy` would change. Changes nothing.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError
   */
  plan(options?: OperationOptions): Promise<Plan>;

  /**
   * Creates or updates the load balancer, its listeners and its security group, and waits until it is active.
   * Listeners and security group rules that are no longer described are deleted, unless they are still in use.
   *
   * @throws SpecError, OwnershipError, AwsError, AbortedError, TimeoutError
   */
  deploy(options?: OperationOptions): Promise<LoadBalancerDeployed>;

  /**
   * Returns the state of the load balancer and the rules of its listeners.
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
   * that runs them. It is narrowed by names, region, account and quayside's tags, and changes with the
   * description. It sends no requests. Source of the rules: AWS's Service Authorization Reference.
   *
   * IAM limits a managed policy to 6,144 characters without white space, and the inline policies of a role to
   * 10,240. Statements are independent: put those of a longer policy into several managed policies.
   *
   * @throws SpecError
   */
  permissions(options?: PermissionOptions): PolicyDocument;
}

/** The constructor of `LoadBalancer`. */
export interface LoadBalancerConstructor {
  /**
   * Describes a load balancer.
   *
   * @param name - 1 to 32 letters, digits and hyphens, no hyphen at either end, not beginning with
   * `internal-`; unique in the region
   */
  new (name: string): LoadBalancer;

  /**
   * Uses an existing load balancer, which is never changed or deleted. A deployment adds rules to its listeners,
   * a target group, and a rule to the security group of its own tasks or instances; its `destroy()` deletes
   * exactly these.
   *
   * @param nameOrArn - the name or the ARN, in the region of the run
   * @throws QuaysideError `no-load-balancer`, `no-listener`
   * @example
   * ```ts
   * import { Deployment, LoadBalancer } from "quayside";
   *
   * const talk = new Deployment("talk-service").behindAlb(LoadBalancer.existing("shared-alb").http(80), {
   *   path: "/talk*",
   * });
   * ```
   */
  existing(nameOrArn: string): LoadBalancer;
  readonly prototype: LoadBalancer;
}

export const LoadBalancer: LoadBalancerConstructor = LoadBalancerChain;
