import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import { parseArn, roleName, secretArn } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { fromTags, OWNER_TAG } from "../../aws/tags.js";
import { inlinePolicies } from "../../iam/role-policies.js";

/**
 * The parameters and secrets of a revision that its execution role may not read any more. The role is quayside's, and
 * has the permissions that the chain needs now; one of the user's is not judged.
 */
export async function unreadableSecrets(
  containers: readonly ContainerDefinition[],
  { executionRole, account }: { readonly executionRole: string | undefined; readonly account: string },
  context: AwsContext,
): Promise<string[]> {
  const secrets = [...new Set(containers.flatMap((each) => secretsOf(each, account, context)))];
  if (executionRole === undefined || secrets.length === 0) return [];
  const name = roleName(executionRole);
  const role = (await ignoreNotFound(context.aws.iam.getRole({ RoleName: name })))?.Role;
  if (role === undefined || fromTags(role.Tags)[OWNER_TAG] === undefined) return [];
  const allowed = Object.values(await inlinePolicies(name, context)).flatMap(resourcesOf);
  return secrets.filter(
    (arn) => !allowed.some((pattern) => matches(pattern, arn) || pattern === `${arn}-??????`),
  );
}

function secretsOf(
  { secrets = [], logConfiguration, repositoryCredentials }: ContainerDefinition,
  account: string,
  { region, partition }: AwsContext,
): string[] {
  const read = [...secrets, ...(logConfiguration?.secretOptions ?? [])].map(
    ({ valueFrom = "" }) => valueFrom,
  );
  const credentials = repositoryCredentials?.credentialsParameter;
  return [...read, ...(credentials === undefined ? [] : [credentials])].map((source) => {
    if (!source.startsWith("arn:"))
      return `arn:${partition}:ssm:${region}:${account}:parameter/${source.replace(/^\//, "")}`;
    return parseArn(source).service === "ssm" ? source.split(":").slice(0, 6).join(":") : secretArn(source);
  });
}

const READING = /^(ssm:GetParameters|secretsmanager:GetSecretValue|\*)$/;

/** What a policy allows to read, as quayside's own policies say it. */
function resourcesOf(policy: unknown): string[] {
  const { Statement = [] } = (policy ?? {}) as {
    readonly Statement?: readonly { readonly Action?: unknown; readonly Resource?: unknown }[];
  };
  return [Statement]
    .flat()
    .filter(({ Action }) => [Action].flat().some((action) => READING.test(String(action))))
    .flatMap(({ Resource }) => [Resource].flat().map(String));
}

/** IAM's wildcards: `*` for any text, `?` for one character. */
function matches(pattern: string, arn: string): boolean {
  const parts = pattern.split(/([*?])/).map((part) => {
    if (part === "*") return ".*";
    return part === "?" ? "." : part.replaceAll(/[$()+.[\\\]^{|}]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`, "s").test(arn);
}
