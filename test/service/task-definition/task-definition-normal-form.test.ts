import type {
  ContainerDefinition,
  RegisterTaskDefinitionCommandInput,
  TaskDefinition,
} from "@aws-sdk/client-ecs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diff } from "../../../src/engine/diff.js";
import { currentTaskDefinition } from "../../../src/service/task-definition/current-task-definition.js";
import { taskDefinitionNormalForm } from "../../../src/service/task-definition/task-definition-normal-form.js";

/** What AWS answers to a registration: its defaults filled in, lists that are sets in another order. */
function asAwsReturns(input: RegisterTaskDefinitionCommandInput, shuffle: boolean): TaskDefinition {
  const order = <T>(list: T[] | undefined): T[] => (shuffle ? [...(list ?? [])].reverse() : (list ?? []));
  const networkMode = input.networkMode ?? "bridge";
  return {
    ...input,
    networkMode,
    ...(input.cpu !== undefined && {
      cpu: input.cpu.replace(/^(.*) vCPU$/, (_, n) => String(Number(n) * 1024)),
    }),
    ...(input.memory !== undefined && {
      memory: input.memory.replace(/^(.*)GB$/, (_, n) => String(Number(n) * 1024)),
    }),
    taskDefinitionArn: "arn:aws:ecs:eu-west-1:123456789012:task-definition/talk:7",
    revision: 7,
    status: "ACTIVE",
    compatibilities: ["EC2"],
    requiresAttributes: [{ name: "com.amazonaws.ecs.capability.logging-driver.awslogs" }],
    registeredAt: new Date(0),
    registeredBy: "arn:aws:iam::123456789012:user/x",
    placementConstraints: [],
    volumes: (input.volumes ?? []).map((volume) => ({ host: {}, ...volume })),
    containerDefinitions: order(input.containerDefinitions).map((container) => ({
      ...container,
      cpu: container.cpu ?? 0,
      essential: container.essential ?? true,
      environment: order(container.environment),
      mountPoints: order(container.mountPoints),
      volumesFrom: [],
      systemControls: [],
      ...(container.secrets && { secrets: order(container.secrets) }),
      portMappings: order(container.portMappings).map((mapping) => ({
        ...mapping,
        protocol: mapping.protocol ?? "tcp",
        hostPort: mapping.hostPort ?? (networkMode === "bridge" ? 0 : mapping.containerPort),
      })),
      ...(container.healthCheck && {
        healthCheck: { interval: 30, timeout: 5, retries: 3, ...container.healthCheck },
      }),
    })),
  } as TaskDefinition;
}

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,6}$/);
const named = <T>(value: fc.Arbitrary<T>, key: string) =>
  fc.uniqueArray(fc.record({ name, [key]: value }), { selector: (item) => item.name, maxLength: 4 });
const container = fc.record(
  {
    name,
    image: fc.constantFrom("a:1", "b:2"),
    cpu: fc.nat(1024),
    essential: fc.boolean(),
    command: fc.array(fc.string(), { maxLength: 2 }),
    environment: named(fc.string(), "value"),
    secrets: named(fc.string(), "valueFrom"),
    readonlyRootFilesystem: fc.boolean(),
    portMappings: fc.uniqueArray(
      fc.record(
        {
          containerPort: fc.integer({ min: 1, max: 99 }),
          protocol: fc.constantFrom("tcp" as const, "udp" as const),
        },
        { requiredKeys: ["containerPort"] },
      ),
      { selector: (mapping) => mapping.containerPort, maxLength: 3 },
    ),
    healthCheck: fc.record(
      { command: fc.constant(["CMD", "true"]), interval: fc.nat(99) },
      { requiredKeys: ["command"] },
    ),
  },
  { requiredKeys: ["name", "image"] },
);
const registration = fc.record(
  {
    family: fc.constant("talk"),
    networkMode: fc.constantFrom("bridge" as const, "awsvpc" as const, "host" as const),
    cpu: fc.constantFrom("256", "0.25 vCPU", "1 vCPU"),
    memory: fc.constantFrom("1024", "1GB", "2GB"),
    volumes: fc.uniqueArray(fc.record({ name }), { selector: (volume) => volume.name, maxLength: 3 }),
    containerDefinitions: fc.uniqueArray(container, {
      selector: (each) => each.name,
      minLength: 1,
      maxLength: 3,
    }),
  },
  { requiredKeys: ["family", "containerDefinitions"] },
) as unknown as fc.Arbitrary<RegisterTaskDefinitionCommandInput>;

describe("a task definition's normal form", () => {
  test("what AWS returns has the same as what was sent", () => {
    fc.assert(
      fc.property(registration, fc.boolean(), (input, shuffle) => {
        expect(taskDefinitionNormalForm(asAwsReturns(input, shuffle))).toEqual(
          taskDefinitionNormalForm(input),
        );
      }),
    );
  });

  test("what AWS returns, written as described, is what was described", () => {
    fc.assert(
      fc.property(registration, fc.boolean(), (input, shuffle) => {
        const current = currentTaskDefinition(input, input, asAwsReturns(input, shuffle));
        expect(diff({ input }, { input: current })).toEqual([]);
      }),
    );
  });

  test("a difference stays one, whatever the order", () => {
    fc.assert(
      fc.property(registration, registration, fc.boolean(), (input, other, shuffle) => {
        const same =
          JSON.stringify(taskDefinitionNormalForm(input)) === JSON.stringify(taskDefinitionNormalForm(other));
        const current = currentTaskDefinition(input, input, asAwsReturns(other, shuffle));
        if (!same) expect(diff({ input }, { input: current })).not.toEqual([]);
      }),
    );
  });
});

describe("a comparison with what is registered", () => {
  const web: ContainerDefinition = {
    name: "web",
    image: "web:1",
    environment: [
      { name: "B", value: "2" },
      { name: "A", value: "1" },
    ],
  };
  const input = { family: "talk", containerDefinitions: [web] };
  const registered = (container: Partial<ContainerDefinition>) =>
    asAwsReturns({ ...input, containerDefinitions: [{ ...web, ...container }] }, true);
  const changes = (reported: TaskDefinition) =>
    diff({ input }, { input: currentTaskDefinition(input, input, reported) });

  test("names the variable that changed, where the description has it", () => {
    const environment = [
      { name: "A", value: "old" },
      { name: "B", value: "2" },
    ];
    expect(changes(registered({ environment }))).toEqual([
      { path: "input.containerDefinitions.0.environment.1.value", before: "old", after: "1" },
    ]);
  });

  test("names variables that are new, and those that are no longer described", () => {
    const environment = [
      { name: "B", value: "2" },
      { name: "C", value: "3" },
    ];
    expect(changes(registered({ environment }))).toEqual([
      {
        path: "input.containerDefinitions.0.environment.1",
        before: undefined,
        after: { name: "A", value: "1" },
      },
      {
        path: "input.containerDefinitions.0.environment.2",
        before: { name: "C", value: "3" },
        after: undefined,
      },
    ]);
  });

  test("names what was added", () => {
    expect(changes(registered({ privileged: true }))).toEqual([
      { path: "input.containerDefinitions.0.privileged", before: true, after: undefined },
    ]);
  });
});
