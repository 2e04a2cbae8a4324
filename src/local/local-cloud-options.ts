import type { PolicyDocument } from "../aws/policy-document.js";
import type { LocalAccount } from "./local-account.js";
import type { ImageBehavior } from "./runtime/image-behavior.js";
import type { ProcessToRun } from "./runtime/process-runtime.js";
import type { CertificateOptions } from "./services/acm/certificates.js";
import type { HostedZoneOptions } from "./services/route53/hosted-zones.js";
import type { VpcOptions } from "./services/ec2/default-network.js";
import type { FileSystemOptions } from "./services/ecs/tasks/file-systems.js";
import type { SecretOptions } from "./services/ecs/tasks/secrets.js";

export interface LocalCloudOptions {
  /**
   * Image -> the process that runs for it, with its port in `PORT`. The longest matching name wins. Real clock
   * only. A process has no file system of its own: it can write to mounts that are read-only, which a container
   * cannot (see `docker`).
   */
  readonly run?: Readonly<Record<string, ProcessToRun>>;
  /**
   * True: directories are built with this computer's Docker, and their tasks, and those of images that `run`
   * and `images` do not cover, are real containers with their limits, in which their health checks run. Real clock only.
   * @defaultValue `false`: Docker is not needed
   */
  readonly docker?: boolean;
  /**
   * Image -> the behavior of its simulated task: exits, is unhealthy, cannot be pulled. Other images keep
   * running.
   */
  readonly images?: Readonly<Record<string, ImageBehavior>>;
  /**
   * How many times faster AWS's time passes on the real clock; requests are not accelerated. @defaultValue 20
   */
  readonly timeScale?: number;
  /**
   * `virtual`: no real time passes, no process runs, and the same seed takes the same course. @defaultValue
   * "real"
   */
  readonly clock?: "real" | "virtual";
  /**
   * The time at which the virtual clock starts. Clients in other processes compare it with their own.
   * @defaultValue the first of January 2026
   */
  readonly startsAt?: Date;
  /**
   * The seed of identifiers and of random choices. On the virtual clock, the plan and the `facts` of every error of a
   * run name a seed that is set here: with it, a test that fails can be repeated. @defaultValue 1
   */
  readonly seed?: number;
  /** @defaultValue "eu-west-1" */
  readonly region?: string;
  /**
   * The account: its regions share IAM, and the clock. Any region can be the first.
   * @defaultValue an account of its own, with the id `accountId`
   */
  readonly account?: LocalAccount;
  /** The id of an account of its own: twelve digits. @defaultValue "123456789012" */
  readonly accountId?: string;
  /**
   * Names or ARNs of the parameters and secrets that exist; with `kmsKey`, the value is encrypted with that
   * customer-managed key, and reading it needs `kms:Decrypt`. @defaultValue every one that a task refers to
   */
  readonly secrets?: readonly (string | SecretOptions)[];
  /**
   * The EFS file systems that exist, with the zones of their mount targets and their access points. @defaultValue every
   * one that a task mounts, in every zone
   */
  readonly fileSystems?: readonly FileSystemOptions[];
  /** The networks of the account. @defaultValue a default VPC with a subnet in each of three zones */
  readonly vpcs?: readonly VpcOptions[];
  /**
   * Days after which AWS publishes new ECS-optimized AMIs, again and again; `publishAmis()` does it at once.
   * @defaultValue never
   */
  readonly amisEvery?: number;
  /**
   * True for an account on AWS's free plan, which may launch only `t3.micro`, `t3.small`, `t4g.micro`, `t4g.small`,
   * `c7i-flex.large` and `m7i-flex.large`. @defaultValue `false`
   */
  readonly freePlan?: boolean;
  /**
   * The S3 buckets whose policies let Elastic Load Balancing write its logs. Others are refused, as AWS refuses them.
   * @defaultValue every bucket
   */
  readonly logBuckets?: readonly string[];
  /**
   * The certificates in ACM. On the real clock, HTTPS listeners speak TLS with them, signed by the cloud's own
   * authority (`certificateAuthority()`); this needs the package `node-forge`. They are also for 127.0.0.1, where
   * the listeners are. @defaultValue none
   */
  readonly certificates?: readonly CertificateOptions[];
  /**
   * The hosted zones in Route 53: domains, or objects. A certificate that is requested from ACM is issued once its
   * validation records are in a public zone that is delegated.
   * @defaultValue public zones of `localhost`, `example.com`, `example.net` and `example.org`
   */
  readonly hostedZones?: readonly (string | HostedZoneOptions)[];
  /**
   * The identity-based policy of the caller, such as the one that `permissions()` of a chain returns: what it
   * does not allow is denied, with AWS's errors. It applies to every call, but not to what AWS's services do by
   * themselves. A function is called for each request, if the caller changes; `undefined` allows everything.
   *
   * @defaultValue everything is allowed
   */
  readonly caller?: PolicyDocument | (() => PolicyDocument | undefined);
  /**
   * True if a run that has ten roles or more to read lists all roles of the account, as with
   * `aws({ readAccountRoles: true })`. @defaultValue `false`
   */
  readonly readAccountRoles?: boolean;
  /**
   * Seconds that the computer's clock is ahead of AWS's; negative: behind it. Requests are signed and accepted
   * all the same, as the AWS SDK corrects their time. @defaultValue 0
   */
  readonly clockSkew?: number;
  /**
   * False if what was created, changed or deleted is known everywhere at once. On AWS that takes seconds: a new
   * security group, role or service is not found at first, and a deleted name remains taken.
   * @defaultValue `true`
   */
  readonly eventualConsistency?: boolean;
  /**
   * Seconds after which the tagging API knows of new, changed and deleted resources and tags: on AWS it is
   * eventually consistent. @defaultValue 0
   */
  readonly taggingDelay?: number;
  /**
   * True if every answer also has members that no SDK knows, as AWS adds them over the years: they must be no
   * difference to what is described. @defaultValue `false`
   */
  readonly unknownMembers?: boolean;
}
