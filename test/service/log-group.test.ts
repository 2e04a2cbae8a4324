import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { GetResourcesCommand } from "@aws-sdk/client-resource-groups-tagging-api";
import { expect, test } from "vitest";
import { logGroupKind } from "../../src/service/log-group.js";
import { sdkError, changesTo, mockAws, OWNER, TAGS } from "../aws/mock-aws.js";

const { awsContext, logs, tagging, writes } = mockAws();

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

test("a log group that never expires is created with one call", async () => {
  const context = await awsContext();
  await logGroupKind.create!({ ...desired, retentionInDays: undefined }, context);
  expect(writes().map(([name]) => name)).toEqual(["CreateLogGroup"]);
});

test("a log group is found among others whose names begin the same, and shows no difference", async () => {
  const context = await awsContext();
  exists(30);
  const observed = await logGroupKind.read(desired, context);
  expect(changesTo(desired, observed!)).toEqual([]);
});

test("a log group is found behind empty and full pages of an endpoint that cannot look up a name", async () => {
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

test("a retention that was added from outside is removed if none is described", async () => {
  const context = await awsContext();
  exists(7);
  const wanted = { ...desired, retentionInDays: undefined };
  const observed = (await logGroupKind.read(wanted, context))!;
  await logGroupKind.update!(wanted, observed, changesTo(wanted, observed), context);
  expect(writes()).toEqual([["DeleteRetentionPolicy", { logGroupName: "talk" }]]);
});

test("only a log group's described tags that differ are written", async () => {
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
  await expect(logGroupKind.delete!({ logGroupName: "talk" }, context)).resolves.toBeUndefined();
});

test("a create of a log group that exists is recognized as that", async () => {
  const context = await awsContext();
  logs.on(CreateLogGroupCommand).rejects(sdkError("ResourceAlreadyExistsException"));
  const error = await logGroupKind.create!(desired, context).catch((reason: unknown) => reason);
  expect(logGroupKind.alreadyExists!(error)).toBe(true);
});

test("a deleted log group that the tagging API still lists is not found", async () => {
  const context = await awsContext();
  exists();
  tagging.on(GetResourcesCommand).resolves({
    ResourceTagMappingList: [ARN, `${ARN}-deleted`].map((ResourceARN) => ({ ResourceARN, Tags: [] })),
  });
  expect((await logGroupKind.findOwned!(OWNER, context)).map(({ name }) => name)).toEqual(["talk"]);
});
