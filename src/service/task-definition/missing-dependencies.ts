import { parseArn, roleName } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { AwsError } from "../../errors.js";
import { imageIsGone } from "../../image/image-is-gone.js";
import { logGroupExists } from "../log-group.js";
import { unreadableSecrets } from "./unreadable-secrets.js";

/** The kinds of resources that a release depends on. */
type Need = "image" | "log group" | "role" | "permission to read";

export interface MissingDependency {
  readonly need: Need;
  readonly name: string;
}

/**
 * The dependencies that a task of the revision would not find, in the order in which its start would fail. A
 * dependency that quayside is not allowed to read is assumed to exist.
 */
export async function missingDependencies(
  taskDefinition: string,
  context: AwsContext,
): Promise<readonly MissingDependency[]> {
  const answer = await context.aws.ecs.describeTaskDefinition({ taskDefinition });
  const { containerDefinitions = [], executionRoleArn, taskRoleArn } = answer.taskDefinition ?? {};
  const { account } = parseArn(taskDefinition);
  const groups = containerDefinitions.flatMap(({ logConfiguration }) => {
    const options = logConfiguration?.options ?? {};
    const isInRegion = (options["awslogs-region"] ?? context.region) === context.region;
    const createsGroup = options["awslogs-create-group"] === "true";
    return logConfiguration?.logDriver === "awslogs" && isInRegion && !createsGroup
      ? (options["awslogs-group"] ?? [])
      : [];
  });
  const unreadable = unreadableSecrets(
    containerDefinitions,
    { executionRole: executionRoleArn, account },
    context,
  ).catch((error: unknown) => {
    if (error instanceof AwsError) return [];
    throw error;
  });
  const found = await Promise.all([
    ...distinct([executionRoleArn, taskRoleArn]).map((arn) =>
      listIfMissing("role", arn, async () => (await roleOf(arn, context)) === undefined),
    ),
    ...distinct(containerDefinitions.map(({ image }) => image)).map((image) =>
      listIfMissing("image", image, () => imageIsGone(image, account, context)),
    ),
    ...distinct(groups).map((group) =>
      listIfMissing("log group", group, async () => !(await logGroupExists(group, context))),
    ),
    unreadable.then((arns) => arns.map((name) => ({ need: "permission to read" as const, name }))),
  ]);
  return found.flat();
}

const distinct = (names: readonly (string | undefined)[]): string[] => [
  ...new Set(names.flatMap((name) => name ?? [])),
];

async function listIfMissing(
  need: Need,
  name: string,
  isMissing: () => Promise<boolean>,
): Promise<MissingDependency[]> {
  try {
    return (await isMissing()) ? [{ need, name }] : [];
  } catch (error) {
    if (error instanceof AwsError) return [];
    throw error;
  }
}

const roleOf = (arn: string, { aws }: AwsContext) =>
  ignoreNotFound(aws.iam.getRole({ RoleName: roleName(arn) }));
