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
 * Begins to create the service-linked roles that the resources will need, where the account has none. AWS would create
 * them itself at the first call that needs them, and then fail for as long as they have not propagated.
 *
 * @param kinds - the kinds of the resources that the run creates
 * @returns what a resource of a kind waits for before it is created
 */
export function createServiceLinkedRoles(
  kinds: Iterable<string>,
  context: AwsContext,
): (kind: string) => Promise<void> | undefined {
  const services = new Set([...kinds].flatMap((kind) => SERVICE_OF_KIND[kind] ?? []));
  const created = new Map([...services].map((service) => [service, create(service, context)]));
  for (const each of created.values()) each.catch(() => {});
  return (kind) => created.get(SERVICE_OF_KIND[kind] ?? "");
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
