import { beforeEach, describe, expect, it } from "vitest";
import { putLogLine } from "../../../src/local/services/logs/put-log-line.js";
import { codeOf, localServices, type LocalServices } from "../local-services.js";

let cloud: LocalServices;
beforeEach(() => {
  cloud = localServices();
});

const logGroupName = "talk-service-cloudwatch";

describe("log groups", () => {
  it("have a retention that AWS supports, or none", async () => {
    await cloud.logs.createLogGroup({ logGroupName });
    expect(await codeOf(cloud.logs.putRetentionPolicy({ logGroupName, retentionInDays: 31 }))).toBe(
      "InvalidParameterException",
    );
    await cloud.logs.putRetentionPolicy({ logGroupName, retentionInDays: 30 });
    expect(await cloud.logs.describeLogGroups({ logGroupNamePrefix: "talk" })).toMatchObject({
      logGroups: [{ logGroupName, retentionInDays: 30 }],
    });
    await cloud.logs.deleteRetentionPolicy({ logGroupName });
    const { logGroups } = await cloud.logs.describeLogGroups({});
    expect(logGroups![0]).not.toHaveProperty("retentionInDays");
  });

  it.each([
    ["a space", { logGroupName: "my logs" }],
    ["AWS's prefix", { logGroupName: "aws/logs" }],
    ["an empty map of tags", { logGroupName, tags: {} }],
    ["no name", { logGroupName: undefined }],
  ])("are rejected with %s", async (_, input) => {
    expect(await codeOf(cloud.logs.createLogGroup(input))).toBe("InvalidParameterException");
  });

  it("have tags by their ARN without its last part", async () => {
    await cloud.logs.createLogGroup({ logGroupName, tags: { team: "a" } });
    const { logGroups } = await cloud.logs.describeLogGroups({});
    const { arn, logGroupArn } = logGroups![0]!;
    await cloud.logs.tagResource({ resourceArn: logGroupArn, tags: { kind: "b" } });
    expect(await cloud.logs.listTagsForResource({ resourceArn: logGroupArn })).toEqual({
      tags: { team: "a", kind: "b" },
    });
    expect(await codeOf(cloud.logs.listTagsForResource({ resourceArn: arn }))).toBe(
      "ResourceNotFoundException",
    );
  });

  it("have unique names; the name of a deleted group is busy for a moment", async () => {
    await cloud.logs.createLogGroup({ logGroupName });
    expect(await codeOf(cloud.logs.createLogGroup({ logGroupName }))).toBe("ResourceAlreadyExistsException");
    await cloud.logs.deleteLogGroup({ logGroupName });
    expect(await codeOf(cloud.logs.deleteLogGroup({ logGroupName }))).toBe("ResourceNotFoundException");
    expect(await codeOf(cloud.logs.createLogGroup({ logGroupName }))).toBe("OperationAbortedException");
    await cloud.clock.sleep(5_000);
    expect(await codeOf(cloud.logs.createLogGroup({ logGroupName }))).toContain("no error");
  });
});

describe("log streams", () => {
  const names = async (part: object) => {
    const { logStreams } = await cloud.logs.describeLogStreams({ logGroupName, ...part });
    return logStreams!.map(({ logStreamName }) => logStreamName);
  };

  it("are listed by name, or by their last line if no prefix is given", async () => {
    await cloud.logs.createLogGroup({ logGroupName });
    expect(await names({})).toEqual([]);
    for (const stream of ["web/b", "web/a", "job/c", "web/b"]) {
      putLogLine(cloud.account, logGroupName, stream, "hello");
      await cloud.clock.sleep(1_000);
    }
    expect(await names({ logStreamNamePrefix: "web/" })).toEqual(["web/a", "web/b"]);
    expect(await names({ orderBy: "LastEventTime", descending: true })).toEqual(["web/b", "job/c", "web/a"]);
    expect(await names({ limit: 1 })).toEqual(["job/c"]);
  });

  it.each([
    [
      "both a prefix and an order by time",
      { logStreamNamePrefix: "web/", orderBy: "LastEventTime" } as const,
    ],
    ["more than fifty on a page", { limit: 51 }],
    ["no group", { logGroupName: undefined }],
  ])("are rejected with %s", async (_, part) => {
    await cloud.logs.createLogGroup({ logGroupName });
    expect(await codeOf(cloud.logs.describeLogStreams({ logGroupName, ...part }))).toBe(
      "InvalidParameterException",
    );
  });
});

describe("log events", () => {
  it("become readable a moment after they are written, in order, by stream, time and pattern", async () => {
    await cloud.logs.createLogGroup({ logGroupName });
    putLogLine(cloud.account, logGroupName, "web/one", "started");
    await cloud.clock.sleep(100);
    putLogLine(cloud.account, logGroupName, "web/two", "ERROR no database");
    expect(await cloud.logs.filterLogEvents({ logGroupName })).toMatchObject({ events: [] });
    await cloud.clock.sleep(5_000);
    const read = async (part: object) => {
      const { events } = await cloud.logs.filterLogEvents({ logGroupName, ...part });
      return events!.map(({ logStreamName, message }) => `${logStreamName}: ${message}`);
    };
    expect(await read({})).toEqual(["web/one: started", "web/two: ERROR no database"]);
    expect(await read({ logStreamNamePrefix: "web/t" })).toEqual(["web/two: ERROR no database"]);
    expect(await read({ filterPattern: '"no database" -started' })).toEqual(["web/two: ERROR no database"]);
    expect(await read({ startTime: cloud.clock.now() })).toEqual([]);
  });

  it("are returned in pages, of which one can be empty although the next is not", async () => {
    await cloud.logs.createLogGroup({ logGroupName });
    for (const message of ["a", "b", "c"]) putLogLine(cloud.account, logGroupName, "web", message);
    await cloud.clock.sleep(5_000);
    const first = await cloud.logs.filterLogEvents({ logGroupName, filterPattern: "c", limit: 2 });
    expect(first.events).toEqual([]);
    const second = await cloud.logs.filterLogEvents({
      logGroupName,
      filterPattern: "c",
      limit: 2,
      nextToken: first.nextToken,
    });
    expect(second.events).toMatchObject([{ message: "c" }]);
    expect(second.nextToken).toBeUndefined();
  });

  it("are rejected without a group", async () => {
    expect(putLogLine(cloud.account, "none", "web", "lost")).toBe(false);
    expect(await codeOf(cloud.logs.filterLogEvents({ logGroupName: "none" }))).toBe(
      "ResourceNotFoundException",
    );
  });
});
