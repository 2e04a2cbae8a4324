import { parseArn, roleName } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { AwsError } from "../../errors.js";
import { imageIsGone } from "../../image/image-is-gone.js";
import { logGroupExists } from "../log-group.js";

/** What a release is made from. */
export type Need = "image" | "log group" | "role";

export interface LostNeed {
  readonly need: Need;
  readonly name: string;
}

/**
 * What a task of the revision would not find any more, in the order in which its start would fail for it.
 * What may not be looked at is believed to be there.
 */
export async function missingDependencies(
  taskDefinition: string,
  context: AwsContext,
): Promise<readonly LostNeed[]> {
  const answer = await context.aws.ecs.describeTaskDefinition({ taskDefinition });
  const { containerDefinitions = [], executionRoleArn, taskRoleArn } = answer.taskDefinition ?? {};
  const { account } = parseArn(taskDefinition);
  const groups = containerDefinitions.flatMap(({ logConfiguration }) => {
    const options = logConfiguration?.options ?? {};
    const isHere = (options["awslogs-region"] ?? context.region) === context.region;
    const makesIt = options["awslogs-create-group"] === "true";
    return logConfiguration?.logDriver === "awslogs" && isHere && !makesIt
      ? (options["awslogs-group"] ?? [])
      : [];
  });
  const found = await Promise.all([
    ...once([executionRoleArn, taskRoleArn]).map((arn) =>
      lost("role", arn, async () => (await roleOf(arn, context)) === undefined),
    ),
    ...once(containerDefinitions.map(({ image }) => image)).map((image) =>
      lost("image", image, () => imageIsGone(image, account, context)),
    ),
    ...once(groups).map((group) =>
      lost("log group", group, async () => !(await logGroupExists(group, context))),
    ),
  ]);
  return found.flat();
}

const once = (names: readonly (string | undefined)[]): string[] => [
  ...new Set(names.flatMap((name) => name ?? [])),
];

async function lost(need: Need, name: string, isGone: () => Promise<boolean>): Promise<LostNeed[]> {
  try {
    return (await isGone()) ? [{ need, name }] : [];
  } catch (error) {
    if (error instanceof AwsError) return [];
    throw error;
  }
}

const roleOf = (arn: string, { aws }: AwsContext) =>
  ignoreNotFound(aws.iam.getRole({ RoleName: roleName(arn) }));
