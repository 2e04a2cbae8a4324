import type { AwsContext } from "../aws/context.js";
import { hasErrorCode, isUnsupportedOperation } from "../aws/error-code.js";

/**
 * Kind of a resource -> the AWS service whose service-linked role its first creation in an account needs (each
 * service's guide, "Using service-linked roles"). EventBridge Scheduler has none.
 */
const SERVICE_OF_KIND: Readonly<Record<string, string>> = Object.freeze({
  cluster: "ecs.amazonaws.com",
  service: "ecs.amazonaws.com",
  "auto-scaling-group": "autoscaling.amazonaws.com",
  "load-balancer": "elasticloadbalancing.amazonaws.com",
  "scalable-target": "ecs.application-autoscaling.amazonaws.com",
});

/**
 * Creates the service-linked roles that the resources will need, where the account has none. AWS would create
 * them itself at the first call that needs them, and then fail for as long as they have not propagated.
 *
 * @param kinds - the kinds of the resources that the run creates
 */
export async function createServiceLinkedRoles(kinds: Iterable<string>, context: AwsContext): Promise<void> {
  const services = new Set([...kinds].flatMap((kind) => SERVICE_OF_KIND[kind] ?? []));
  await Promise.all([...services].map((service) => create(service, context)));
}

async function create(AWSServiceName: string, { aws }: AwsContext): Promise<void> {
  try {
    await aws.iam.createServiceLinkedRole({ AWSServiceName });
  } catch (error) {
    // The role exists; or the caller may not create it, and AWS does so on behalf of the caller or says why not.
    // Emulators answer EntityAlreadyExists, as for other roles.
    const isExpected = hasErrorCode(error, "InvalidInput", "EntityAlreadyExists", "AccessDenied");
    if (!isExpected && !isUnsupportedOperation(error)) throw error;
  }
}
