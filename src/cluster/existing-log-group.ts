import type { AwsContext } from "../aws/context.js";
import { pages } from "../aws/paginate.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";

interface ExistingLogGroup extends Tagged {
  readonly logGroupName: string;
}

/** A log group that must exist: looked up, never changed. */
export const existingLogGroupKind: Kind<
  ExistingLogGroup,
  Pick<ExistingLogGroup, "logGroupName">,
  AwsContext
> = {
  kind: "existing-log-group",
  unknown: { logGroupName: UNKNOWN },

  async read(desired, { aws }) {
    const { logGroupName } = desired;
    for await (const { logGroups = [] } of pages("nextToken", (next) =>
      aws.logs.describeLogGroups({ logGroupNamePrefix: logGroupName, ...next }),
    ))
      if (logGroups.some((group) => group.logGroupName === logGroupName))
        return { state: { logGroupName }, current: desired, tags: {} };
    return undefined;
  },

  notFoundError: ({ logGroupName }) =>
    new QuaysideError(
      "no-log-group",
      `Nothing was changed: log group ${logGroupName}, to which ECS Exec is to log, was not found in this region`,
      {
        facts: { logGroup: logGroupName },
        fix: "Create it, with the retention and the key that it should have, then run again.",
      },
    ),
};
