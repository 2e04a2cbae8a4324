import type { ContainerDefinition, RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { localCloud, type LocalCloud } from "../../../../src/local/index.js";
import { refusal } from "../../running-cloud.js";

let cloud: LocalCloud;
let ecs: LocalCloud["ports"]["ecs"];
beforeEach(() => {
  cloud = localCloud({ clock: "virtual" });
  ecs = cloud.ports.ecs;
});
afterEach(() => cloud.close());

const web: ContainerDefinition = { name: "web", image: "web:1", memory: 128 };
const register = (
  container: ContainerDefinition = {},
  task: Partial<RegisterTaskDefinitionCommandInput> = {},
) => ecs.registerTaskDefinition({ family: "web", containerDefinitions: [{ ...web, ...container }], ...task });

const fargate: Partial<RegisterTaskDefinitionCommandInput> = {
  requiresCompatibilities: ["FARGATE"],
  networkMode: "awsvpc",
  cpu: "256",
  memory: "512",
};
const role = "arn:aws:iam::123456789012:role/execution";
const awslogs = (options: Record<string, string>) => ({
  logConfiguration: { logDriver: "awslogs" as const, options },
});

describe("RegisterTaskDefinition", () => {
  it.each<[string, ContainerDefinition, Partial<RegisterTaskDefinitionCommandInput>, string]>([
    ["a family with a space", {}, { family: "a b" }, "Family contains invalid characters."],
    ["no container", {}, { containerDefinitions: [] }, "Container list cannot be empty."],
    ["no name", { name: "" }, {}, "Container.name should not be null or empty."],
    ["no image", { image: "" }, {}, "Container.image should not be null or empty."],
    ["no essential container", { essential: false }, {}, "At least one container must be essential"],
    ["the same name twice", {}, { containerDefinitions: [web, web] }, "must be unique"],
    [
      "no memory",
      { memory: undefined },
      {},
      "At least one of 'memory' or 'memoryReservation' must be specified.",
    ],
    ["too little memory", { memory: 5 }, {}, "at least 6 MiB"],
    [
      "memory no greater than its reservation",
      { memoryReservation: 128 },
      {},
      "must be greater than 'memoryReservation'",
    ],
    [
      "a container port of 0",
      { portMappings: [{ containerPort: 0 }] },
      {},
      "Invalid 'containerPort' setting",
    ],
    [
      "a host port too high",
      { portMappings: [{ containerPort: 80, hostPort: 65536 }] },
      {},
      "Invalid 'hostPort'",
    ],
    [
      "another host port with awsvpc",
      { portMappings: [{ containerPort: 80, hostPort: 81 }] },
      { networkMode: "awsvpc" },
      "When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
    ],
    ["an unknown network mode", {}, { networkMode: "nat" as never }, "Invalid network mode"],
    ["a health check without a command", { healthCheck: { command: [] } }, {}, "needs a command"],
    ["a health check interval", { healthCheck: { command: ["CMD", "x"], interval: 4 } }, {}, "'interval'"],
    [
      "a secret that is also a variable",
      { environment: [{ name: "DB", value: "x" }], secrets: [{ name: "DB", valueFrom: "/db" }] },
      { executionRoleArn: role },
      "The secret name must be unique and not shared with any new or existing environment variables",
    ],
    ["secrets without a role", { secrets: [{ name: "DB", valueFrom: "/db" }] }, {}, "'executionRoleArn'"],
    ["an ARN that is not a role", {}, { taskRoleArn: "arn:aws:iam::1:user/x" }, "Role is not valid"],
    [
      "awslogs without its options",
      awslogs({ "awslogs-group": "g" }),
      {},
      "requires options: awslogs-region",
    ],
    [
      "awslogs with an unknown option",
      awslogs({ "awslogs-group": "g", "awslogs-region": "r", "awslogs-x": "y" }),
      {},
      "disallows options: awslogs-x",
    ],
    [
      "Fargate in bridge mode",
      {},
      { ...fargate, networkMode: "bridge" },
      "Fargate only supports network mode",
    ],
    ["Fargate without cpu", {}, { ...fargate, cpu: undefined }, "'cpu' be defined at the task level"],
    [
      "Fargate without memory",
      {},
      { ...fargate, memory: undefined },
      "'memory' be defined at the task level",
    ],
    [
      "a size that Fargate does not support",
      {},
      { ...fargate, memory: "4096" },
      "No Fargate configuration exists for given values: 256 CPU, 4096 memory.",
    ],
    [
      "a size between two of Fargate's",
      {},
      { ...fargate, memory: "1536" },
      "No Fargate configuration exists",
    ],
    [
      "Fargate with logs and no role",
      awslogs({ "awslogs-group": "g", "awslogs-region": "r", "awslogs-stream-prefix": "p" }),
      fargate,
      "Fargate requires task definition to have execution role ARN to support log driver awslogs.",
    ],
    [
      "Fargate with an image in ECR and no role",
      { image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1" },
      fargate,
      "execution role ARN to support ECR images",
    ],
    ["a stop timeout beyond Fargate's", { stopTimeout: 121 }, fargate, "stopTimeout"],
    ["more cpu than the task has", { cpu: 512 }, fargate, "must not be greater than the 'cpu' of the task"],
  ])("rejects %s", async (_what, container, task, message) => {
    // `undefined` removes a member, as JSON does.
    const containers = task.containerDefinitions ?? [JSON.parse(JSON.stringify({ ...web, ...container }))];
    const input = { family: "web", ...task, containerDefinitions: containers };
    expect(await refusal(ecs.registerTaskDefinition(JSON.parse(JSON.stringify(input))))).toContain(message);
    expect((await ecs.listTaskDefinitions({})).taskDefinitionArns).toEqual([]);
  });

  it("fills in AWS's defaults", async () => {
    const { taskDefinition } = await register(
      { portMappings: [{ containerPort: 8080 }], healthCheck: { command: ["CMD", "true"] } },
      { cpu: "1 vCPU", memory: "2GB" },
    );
    expect(taskDefinition).toMatchObject({
      cpu: "1024",
      memory: "2048",
      revision: 1,
      status: "ACTIVE",
      volumes: [],
      placementConstraints: [],
      compatibilities: ["EC2"],
      containerDefinitions: [
        {
          cpu: 0,
          essential: true,
          environment: [],
          mountPoints: [],
          volumesFrom: [],
          systemControls: [],
          portMappings: [{ containerPort: 8080, hostPort: 0, protocol: "tcp" }],
          healthCheck: { interval: 30, timeout: 5, retries: 3 },
        },
      ],
    });
  });

  it("creates a new revision each time, and never reuses a number", async () => {
    await register();
    await register();
    await ecs.deregisterTaskDefinition({ taskDefinition: "web:2" });
    await ecs.deleteTaskDefinitions({ taskDefinitions: ["web:2"] });
    await cloud.clock.sleep(60_000);
    expect(await refusal(ecs.describeTaskDefinition({ taskDefinition: "web:2" }))).toBe(
      "ClientException: Unable to describe task definition.",
    );
    expect((await register()).taskDefinition?.revision).toBe(3);
  });
});

describe("a task definition", () => {
  it("is described by family, revision and ARN; its tags only on request", async () => {
    await register({}, { tags: [{ key: "a", value: "1" }] });
    const { taskDefinition } = await register({}, { tags: [{ key: "a", value: "2" }] });
    const arn = taskDefinition?.taskDefinitionArn ?? "";
    for (const reference of ["web", "web:2", arn]) {
      const described = await ecs.describeTaskDefinition({ taskDefinition: reference });
      expect(described).toMatchObject({ taskDefinition: { revision: 2 } });
      expect(described).not.toHaveProperty("tags");
    }
    const { tags } = await ecs.describeTaskDefinition({ taskDefinition: "web:1", include: ["TAGS"] });
    expect(tags).toEqual([{ key: "a", value: "1" }]);
  });

  it("is INACTIVE once deregistered: still described by its revision, no longer by its family", async () => {
    await register();
    expect((await ecs.deleteTaskDefinitions({ taskDefinitions: ["web:1"] })).failures).toHaveLength(1);
    await ecs.deregisterTaskDefinition({ taskDefinition: "web:1" });
    const { taskDefinition } = await ecs.describeTaskDefinition({ taskDefinition: "web:1" });
    expect(taskDefinition?.status).toBe("INACTIVE");
    expect(await refusal(ecs.describeTaskDefinition({ taskDefinition: "web" }))).toContain(
      "Unable to describe",
    );
    expect((await ecs.listTaskDefinitions({ status: "INACTIVE" })).taskDefinitionArns).toHaveLength(1);
  });

  it("is listed in either order, page by page", async () => {
    for (let count = 0; count < 3; count++) await register();
    await register({}, { family: "webber" });
    const revisions = (arns: string[] | undefined) => arns?.map((arn) => arn.split("/")[1]);
    const first = await ecs.listTaskDefinitions({ familyPrefix: "web", sort: "DESC", maxResults: 2 });
    expect(revisions(first.taskDefinitionArns)).toEqual(["web:3", "web:2"]);
    const rest = await ecs.listTaskDefinitions({
      familyPrefix: "web",
      sort: "DESC",
      nextToken: first.nextToken,
    });
    expect(revisions(rest.taskDefinitionArns)).toEqual(["web:1"]);
    expect(rest.nextToken).toBeUndefined();
  });
});
