import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { GetResourcesCommand } from "@aws-sdk/client-resource-groups-tagging-api";
import { expect, test } from "vitest";
import { logGroupKind } from "../../src/service/log-group.js";
import { awsContext, changesTo, logs, OWNER, sdkError, tagging, TAGS, writes } from "./aws-context.js";

const ARN = "arn:aws:logs:eu-west-1:123456789012:log-group:talk";
const desired = { logGroupName: "talk", retentionInDays: 30, tags: TAGS };

function exists(retentionInDays?: number): void {
  logs.on(DescribeLogGroupsCommand).resolves({
    logGroups: [
      { logGroupName: "talk-of-others", arn: `${ARN}-of-others:*` },
      { logGroupName: "talk", arn: `${ARN}:*`, ...(retentionInDays !== undefined && { retentionInDays }) },
    ],
  });
  logs.on(ListTagsForResourceCommand, { resourceArn: ARN }).resolves({ tags: { ...TAGS, foreign: "1" } });
}

test("a log group is created with its tags and its retention", async () => {
  const context = await awsContext();
  await logGroupKind.create!(desired, context);
  expect(writes()).toEqual([
    ["CreateLogGroup", { logGroupName: "talk", tags: TAGS }],
    ["PutRetentionPolicy", { logGroupName: "talk", retentionInDays: 30 }],
  ]);
});

test("one that never expires is created with one call", async () => {
  const context = await awsContext();
  await logGroupKind.create!({ ...desired, retentionInDays: undefined }, context);
  expect(writes().map(([name]) => name)).toEqual(["CreateLogGroup"]);
});

test("it is found among groups whose names begin the same, and nothing differs", async () => {
  const context = await awsContext();
  exists(30);
  const observed = await logGroupKind.read(desired, context);
  expect(changesTo(desired, observed!)).toEqual([]);
});

test("a group is found behind empty and full pages of an endpoint that cannot be asked for one by its name", async () => {
  const context = await awsContext();
  exists(30);
  logs
    .on(DescribeLogGroupsCommand, { logGroupIdentifiers: ["talk"] })
    .resolves({ logGroups: [{ logGroupName: "other" }], nextToken: "all" })
    .on(DescribeLogGroupsCommand, { logGroupNamePrefix: "talk" })
    .resolvesOnce({ logGroups: [], nextToken: "2" })
    .resolves({ logGroups: [{ logGroupName: "talk", arn: `${ARN}:*` }] });
  expect((await logGroupKind.read(desired, context))?.current).toEqual({
    logGroupName: "talk",
    retentionInDays: undefined,
  });
});

test("retention that was added is removed again if none is described", async () => {
  const context = await awsContext();
  exists(7);
  const wanted = { ...desired, retentionInDays: undefined };
  const observed = (await logGroupKind.read(wanted, context))!;
  await logGroupKind.update!(wanted, observed, changesTo(wanted, observed), context);
  expect(writes()).toEqual([["DeleteRetentionPolicy", { logGroupName: "talk" }]]);
});

test("only described tags that differ are written", async () => {
  const context = await awsContext();
  exists(30);
  const wanted = { ...desired, tags: { ...TAGS, stage: "test" } };
  const observed = (await logGroupKind.read(wanted, context))!;
  await logGroupKind.update!(wanted, observed, changesTo(wanted, observed), context);
  expect(writes()).toEqual([["TagResource", { resourceArn: ARN, tags: { stage: "test" } }]]);
});

test("deleting a log group that no longer exists succeeds", async () => {
  const context = await awsContext();
  logs.on(DeleteLogGroupCommand).rejects(sdkError("ResourceNotFoundException"));
  await logGroupKind.delete!({ logGroupName: "talk" }, context);
});

test("a failed create says that it already exists", async () => {
  const context = await awsContext();
  logs.on(CreateLogGroupCommand).rejects(sdkError("ResourceAlreadyExistsException"));
  const error = await logGroupKind.create!(desired, context).catch((reason: unknown) => reason);
  expect(logGroupKind.alreadyExists!(error)).toBe(true);
});

test("what the tagging API still remembers of a deleted group is not found", async () => {
  const context = await awsContext();
  exists();
  tagging.on(GetResourcesCommand).resolves({
    ResourceTagMappingList: [ARN, `${ARN}-deleted`].map((ResourceARN) => ({ ResourceARN, Tags: [] })),
  });
  expect((await logGroupKind.findOwned!(OWNER, context)).map(({ name }) => name)).toEqual(["talk"]);
});
