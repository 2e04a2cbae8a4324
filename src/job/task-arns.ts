import type { AwsContext } from "../aws/context.js";
import { unlessGone } from "../aws/not-found.js";

/** The tasks of a family that ECS wants to run, or that it has stopped and still remembers; none where no cluster is. */
export async function taskArns(
  { cluster, family }: { readonly cluster: string; readonly family: string },
  desiredStatus: "RUNNING" | "STOPPED",
  { aws }: AwsContext,
): Promise<string[]> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await unlessGone(
      aws.ecs.listTasks({ cluster, family, desiredStatus, ...(nextToken !== undefined && { nextToken }) }),
    );
    arns.push(...(page?.taskArns ?? []));
    nextToken = page?.nextToken;
  } while (nextToken !== undefined);
  return arns;
}
