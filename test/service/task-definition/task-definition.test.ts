import {
  DeleteTaskDefinitionsCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
} from "@aws-sdk/client-ecs";
import { GetResourcesCommand } from "@aws-sdk/client-resource-groups-tagging-api";
import { expect, test } from "vitest";
import type { Overrides } from "../../../src/aws/overrides.js";
import { taskDefinitionKind } from "../../../src/service/task-definition/task-definition.js";
import { sdkError, changesTo, ECS_TAGS, mockAws, OWNER, TAGS } from "../../aws/mock-aws.js";

const { awsContext, ecs, tagging, writes } = mockAws();

const ARN = "arn:aws:ecs:eu-west-1:123456789012:task-definition/talk";
const input: RegisterTaskDefinitionCommandInput = {
  family: "talk",
  containerDefinitions: [{ name: "web", image: "web:1", memoryReservation: 128 }],
};
const desired = { input, tags: TAGS };

function registered(
  revision: number,
  changes: Partial<RegisterTaskDefinitionCommandInput> = {},
  tags = ECS_TAGS,
): void {
  const taskDefinition = {
    ...input,
    ...changes,
    taskDefinitionArn: `${ARN}:${revision}`,
    revision,
    status: "ACTIVE" as const,
    networkMode: "bridge" as const,
  };
  for (const name of ["talk", `${ARN}:${revision}`]) {
    ecs.on(DescribeTaskDefinitionCommand, { taskDefinition: name }).resolves({ taskDefinition, tags });
  }
}

test("a task definition family without a revision does not exist", async () => {
  const context = await awsContext();
  const unknown = sdkError("ClientException", "Unable to describe task definition.");
  ecs.on(DescribeTaskDefinitionCommand).rejects(unknown);
  expect(await taskDefinitionKind.read(desired, context)).toBeUndefined();
});

/** With the hash of what is registered. */
const hashed = [...ECS_TAGS, { key: "quayside:spec-hash", value: expect.stringMatching(/^[0-9a-f]{16}$/) }];

test("a task definition is registered with its tags", async () => {
  const context = await awsContext();
  ecs.on(RegisterTaskDefinitionCommand).resolves({
    taskDefinition: { taskDefinitionArn: `${ARN}:1`, family: "talk", revision: 1 },
  });
  expect(await taskDefinitionKind.create!(desired, context)).toEqual({
    arn: `${ARN}:1`,
    family: "talk",
    revision: 1,
  });
  expect(writes()).toEqual([["RegisterTaskDefinition", { ...input, tags: hashed }]]);
});

test("a task definition as registered shows no difference", async () => {
  const context = await awsContext();
  registered(3);
  const observed = await taskDefinitionKind.read(desired, context);
  expect(changesTo(desired, observed!)).toEqual([]);
});

test("another image registers the next revision", async () => {
  const context = await awsContext();
  registered(3, { containerDefinitions: [{ name: "web", image: "web:0", memoryReservation: 128 }] });
  const observed = (await taskDefinitionKind.read(desired, context))!;
  const changes = changesTo(desired, observed);
  expect(changes.map(({ path }) => path)).toEqual(["input.containerDefinitions.0.image"]);
  await taskDefinitionKind.update!(desired, observed, changes, context);
  expect(writes().map(([name]) => name)).toEqual(["RegisterTaskDefinition"]);
});

test("another tag registers no new revision", async () => {
  const context = await awsContext();
  registered(3);
  const wanted = { ...desired, tags: { ...TAGS, stage: "test" } };
  const observed = (await taskDefinitionKind.read(wanted, context))!;
  await taskDefinitionKind.update!(wanted, observed, changesTo(wanted, observed), context);
  expect(writes()).toEqual([
    ["TagResource", { resourceArn: `${ARN}:3`, tags: [{ key: "stage", value: "test" }] }],
  ]);
});

test("what the user's override added is sent once, and is no difference the next time", async () => {
  const overrides: Overrides = {
    registerTaskDefinition: (request) => ({
      ...request,
      containerDefinitions: [
        ...(request.containerDefinitions ?? []),
        { name: "agent", image: "agent:1", memory: 64 },
      ],
    }),
  };
  let context = await awsContext({ overrides });
  await taskDefinitionKind.create!(desired, context);
  const [, sent] = writes()[0] as readonly [string, RegisterTaskDefinitionCommandInput];
  expect(sent.containerDefinitions!.map(({ name }) => name)).toEqual(["web", "agent"]);

  context = await awsContext({ overrides });
  registered(1, { containerDefinitions: sent.containerDefinitions! });
  expect(changesTo(desired, (await taskDefinitionKind.read(desired, context))!)).toEqual([]);
});

test("an override that is new is a difference, and a new revision", async () => {
  const overrides: Overrides = { registerTaskDefinition: (request) => ({ ...request, pidMode: "host" }) };
  const context = await awsContext({ overrides });
  registered(1);
  const observed = (await taskDefinitionKind.read(desired, context))!;
  const changes = changesTo(desired, observed);
  expect(changes).toEqual([{ path: "input.override", before: "not applied", after: undefined }]);
  await taskDefinitionKind.update!(desired, observed, changes, context);
  expect(writes()).toEqual([["RegisterTaskDefinition", { ...input, pidMode: "host", tags: hashed }]]);
});

test("deleting a task definition deletes its owner's revisions, in tens, and leaves foreign ones", async () => {
  const context = await awsContext();
  const active = Array.from({ length: 11 }, (_, index) => index + 1);
  for (const revision of [...active, 12, 13]) registered(revision);
  registered(12, {}, [{ key: "quayside:owner", value: "deployment/other" }]);
  registered(13, {}, [...ECS_TAGS, { key: "quayside:adopted", value: "true" }]);
  registered(14);
  const arns = (...revisions: number[]) => revisions.map((revision) => `${ARN}:${revision}`);
  ecs
    .on(ListTaskDefinitionsCommand, { familyPrefix: "talk", status: "ACTIVE" })
    .resolves({ taskDefinitionArns: arns(...active, 12), nextToken: "more" })
    .on(ListTaskDefinitionsCommand, { familyPrefix: "talk", status: "ACTIVE", nextToken: "more" })
    .resolves({ taskDefinitionArns: [...arns(13), `${ARN}-of-others:1`] })
    .on(ListTaskDefinitionsCommand, { familyPrefix: "talk", status: "INACTIVE" })
    .resolves({ taskDefinitionArns: arns(14) });

  await taskDefinitionKind.delete!({ arn: `${ARN}:11`, family: "talk", revision: 11 }, context);
  const sent = writes();
  expect(sent.filter(([name]) => name === "DeregisterTaskDefinition")).toEqual(
    arns(...active).map((taskDefinition) => ["DeregisterTaskDefinition", { taskDefinition }]),
  );
  expect(sent.slice(11)).toEqual([
    ["DeleteTaskDefinitions", { taskDefinitions: arns(...active.slice(0, 10)) }],
    ["DeleteTaskDefinitions", { taskDefinitions: arns(11, 14) }],
  ]);
});

test("an endpoint without DeleteTaskDefinitions keeps the revisions, deregistered", async () => {
  const context = await awsContext();
  registered(1);
  ecs
    .on(ListTaskDefinitionsCommand, { familyPrefix: "talk", status: "ACTIVE" })
    .resolves({ taskDefinitionArns: [`${ARN}:1`] });
  ecs.on(DeleteTaskDefinitionsCommand).rejects(sdkError("UnknownOperationException"));
  await taskDefinitionKind.delete!({ arn: `${ARN}:1`, family: "talk", revision: 1 }, context);
  expect(writes()).toEqual([
    ["DeregisterTaskDefinition", { taskDefinition: `${ARN}:1` }],
    ["DeleteTaskDefinitions", { taskDefinitions: [`${ARN}:1`] }],
  ]);
});

test("a deletion of revisions that AWS refuses inside its response is an error", async () => {
  const context = await awsContext();
  registered(1);
  ecs.on(ListTaskDefinitionsCommand).resolves({ taskDefinitionArns: [`${ARN}:1`] });
  ecs.on(DeleteTaskDefinitionsCommand).resolves({ failures: [{ arn: `${ARN}:1`, reason: "IN_USE" }] });
  const deletion = taskDefinitionKind.delete!({ arn: `${ARN}:1`, family: "talk", revision: 1 }, context);
  await expect(deletion).rejects.toMatchObject({ awsCode: "IN_USE" });
});

test("a task definition family is found once, at its newest revision, and not while it is being deleted", async () => {
  const context = await awsContext();
  registered(2);
  registered(10);
  const gone = "arn:aws:ecs:eu-west-1:123456789012:task-definition/gone:1";
  ecs
    .on(DescribeTaskDefinitionCommand, { taskDefinition: gone })
    .resolves({ taskDefinition: { taskDefinitionArn: gone, status: "DELETE_IN_PROGRESS" } });
  tagging.on(GetResourcesCommand).resolves({
    ResourceTagMappingList: [`${ARN}:2`, `${ARN}:10`, gone].map((ResourceARN) => ({ ResourceARN, Tags: [] })),
  });
  expect(
    (await taskDefinitionKind.findOwned!(OWNER, context)).map(({ name, state }) => [name, state.revision]),
  ).toEqual([["talk", 10]]);
});
