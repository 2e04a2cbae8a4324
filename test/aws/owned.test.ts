import { GetResourcesCommand } from "@aws-sdk/client-resource-groups-tagging-api";
import { describe, expect, it } from "vitest";
import { sdkError, mockAws, mockedContext, sent } from "./mock-aws.js";

const { tagging } = mockAws();

const mapping = (ResourceARN: string) => ({
  ResourceARN,
  Tags: [
    { Key: "quayside:owner", Value: "deployment/web" },
    { Key: "aws:cloudformation:stack-id", Value: "x" },
  ],
});

describe("what an owner has", () => {
  it("is asked once a run, however many kinds want it, and page by page", async () => {
    const { context } = await mockedContext();
    tagging
      .on(GetResourcesCommand)
      .resolvesOnce({ ResourceTagMappingList: [mapping("arn:1")], PaginationToken: "more" })
      .resolves({ ResourceTagMappingList: [mapping("arn:2")], PaginationToken: "" });
    const [first, second] = await Promise.all([
      context.owned("deployment/web"),
      context.owned("deployment/web"),
    ]);
    const tags = { "quayside:owner": "deployment/web" };
    expect(first).toEqual([
      { arn: "arn:1", tags },
      { arn: "arn:2", tags },
    ]);
    expect(second).toBe(first);
    const request = {
      TagFilters: [{ Key: "quayside:owner", Values: ["deployment/web"] }],
      ResourceTypeFilters: [
        "acm:certificate",
        "application-autoscaling:scalable-target",
        "cloudwatch:alarm",
        "ecr:repository",
        "ecs:service",
        "ecs:task-definition",
        "elasticloadbalancing",
        "logs",
        "servicediscovery",
      ],
    };
    expect(sent(tagging)).toEqual([
      ["GetResources", request],
      ["GetResources", { ...request, PaginationToken: "more" }],
    ]);
  });

  it("is nothing where the endpoint cannot be asked", async () => {
    const { context } = await mockedContext();
    tagging.on(GetResourcesCommand).rejects(sdkError("UnknownOperationException"));
    expect(await context.owned("deployment/web")).toEqual([]);
  });

  it("is an error where AWS refuses to say, and is asked again next time", async () => {
    const { context } = await mockedContext();
    tagging.on(GetResourcesCommand).rejectsOnce(sdkError("AccessDeniedException")).resolves({});
    await expect(context.owned("deployment/web")).rejects.toMatchObject({
      fix: expect.stringContaining('"Action":"tag:GetResources"'),
    });
    expect(await context.owned("deployment/web")).toEqual([]);
  });
});

it("a region that lacks one of the services refuses its type: all types are asked for then", async () => {
  const { context } = await mockedContext();
  tagging
    .on(GetResourcesCommand)
    .rejects(sdkError("InvalidParameterException", "Unsupported service: application-autoscaling"))
    .on(GetResourcesCommand, { TagFilters: [{ Key: "quayside:owner", Values: ["deployment/web"] }] }, true)
    .resolves({ ResourceTagMappingList: [mapping("arn:1")] });
  expect((await context.owned("deployment/web")).map(({ arn }) => arn)).toEqual(["arn:1"]);
});

it("what the run has read by name is found, although the tagging API does not know it yet", async () => {
  const { context } = await mockedContext();
  tagging.on(GetResourcesCommand).resolves({ ResourceTagMappingList: [mapping("arn:1")] });
  context.noteOwned("deployment/web", { arn: "arn:2", tags: {} });
  context.noteOwned("deployment/other", { arn: "arn:3", tags: {} });
  expect((await context.owned("deployment/web")).map(({ arn }) => arn)).toEqual(["arn:1", "arn:2"]);
});
