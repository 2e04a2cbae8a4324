import fc from "fast-check";
import { expect, test } from "vitest";
import { SpecError } from "../../../src/index.js";
import { localCloud } from "../../../src/local/index.js";
import { checkTaskDefinition } from "../../../src/local/services/ecs/task-definitions/task-definition-validation.js";
import { taskDefinitionNormalForm } from "../../../src/service/task-definition/task-definition-normal-form.js";
import { chainOf, normal, registrationOf, type Registration } from "./round-trip.js";

/*
 * Task definitions of every shape that ECS takes, with each field at random: what the chain of one registers is the
 * same one.
 */

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const names = ["web", "db", "agent"] as const;
const distinct = <T>(value: fc.Arbitrary<T>, key: (item: T) => unknown) =>
  fc.uniqueArray(value, { selector: key, maxLength: 3 });
const port = fc.integer({ min: 1, max: 65_535 });

const kernel = fc.record(
  {
    capabilities: fc.record({ drop: fc.constant(["NET_RAW"]) }),
    initProcessEnabled: fc.boolean(),
    tmpfs: distinct(
      fc.record({ containerPath: word.map((name) => `/${name}`), size: fc.integer({ min: 1, max: 512 }) }),
      (each) => each.containerPath,
    ),
  },
  { requiredKeys: [] },
);

const container = (name: string, isFargate: boolean, networkMode: string) =>
  fc.record(
    {
      name: fc.constant(name),
      image: word.map((each) => `registry.example.com/${each}:1`),
      memoryReservation: fc.constant(64),
      memory: fc.integer({ min: 65, max: 128 }),
      cpu: fc.integer({ min: 0, max: 64 }),
      essential: name === "web" ? fc.constant(true) : fc.boolean(),
      environment: distinct(fc.record({ name: word, value: fc.string() }), (each) => each.name),
      command: fc.array(word, { maxLength: 3 }),
      entryPoint: fc.array(word, { maxLength: 2 }),
      workingDirectory: word.map((each) => `/${each}`),
      user: word,
      readonlyRootFilesystem: fc.boolean(),
      interactive: fc.boolean(),
      pseudoTerminal: fc.boolean(),
      dockerLabels: fc.dictionary(word, fc.string(), { maxKeys: 2 }),
      stopTimeout: fc.integer({ min: 1, max: 120 }),
      startTimeout: fc.integer({ min: 2, max: 120 }),
      versionConsistency: fc.constantFrom("enabled", "disabled"),
      restartPolicy: fc.record(
        {
          enabled: fc.boolean(),
          restartAttemptPeriod: fc.integer({ min: 60, max: 1800 }),
          ignoredExitCodes: fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 3 }),
        },
        { requiredKeys: ["enabled"] },
      ),
      ulimits: distinct(
        fc.record({
          name: fc.constantFrom("nofile", "nproc", "core"),
          softLimit: fc.integer({ min: 0, max: 10 }),
          hardLimit: fc.integer({ min: 10, max: 20 }),
        }),
        (each) => each.name,
      ),
      linuxParameters: kernel,
      healthCheck: fc.record(
        {
          command: fc.constant(["CMD-SHELL", "test -f /ready"]),
          interval: fc.integer({ min: 5, max: 300 }),
          timeout: fc.integer({ min: 2, max: 60 }),
          retries: fc.integer({ min: 1, max: 10 }),
          startPeriod: fc.integer({ min: 0, max: 300 }),
        },
        { requiredKeys: ["command"] },
      ),
      logConfiguration: fc.constantFrom(
        ...["/ecs/one", "/ecs/two"].flatMap((group) =>
          [undefined, "ecs"].map((prefix) => ({
            logDriver: "awslogs",
            options: {
              "awslogs-group": group,
              "awslogs-region": "eu-west-1",
              // Fargate requires one.
              ...((prefix ?? isFargate) && { "awslogs-stream-prefix": prefix ?? "app" }),
            },
          })),
        ),
        ...(isFargate ? [] : [{ logDriver: "json-file", options: { "max-size": "10m" } }]),
      ),
      portMappings: distinct(
        fc
          .record({ containerPort: port, protocol: fc.constantFrom("tcp", "udp"), hostPort: optional(port) })
          .map(({ containerPort, hostPort, ...rest }) => ({
            ...rest,
            // Each container has ports of its own.
            containerPort: containerPort - (containerPort % 4) + names.indexOf(name as never) + 1,
            ...(networkMode === "bridge" &&
              hostPort !== undefined && {
                hostPort: hostPort - (hostPort % 4) + names.indexOf(name as never) + 1,
              }),
          })),
        (each) => each.containerPort,
      ).map((list) =>
        networkMode === "none"
          ? []
          : [
              ...new Map(
                list.map((each) => ["hostPort" in each ? each.hostPort : each.containerPort, each]),
              ).values(),
            ],
      ),
      mountPoints: distinct(
        fc.record({
          sourceVolume: fc.constantFrom("scratch", "efs"),
          containerPath: word.map((each) => `/mnt/${each}`),
          readOnly: fc.boolean(),
        }),
        (each) => each.containerPath,
      ),
      ...(isFargate
        ? {}
        : {
            privileged: fc.boolean(),
            dockerSecurityOptions: fc.array(word, { maxLength: 2 }),
            systemControls:
              networkMode === "host"
                ? fc.constant([])
                : distinct(
                    fc.record({ namespace: word.map((each) => `net.${each}`), value: word }),
                    (each) => each.namespace,
                  ),
          }),
      ...(networkMode === "bridge"
        ? {
            hostname: word,
            extraHosts: fc.array(fc.record({ hostname: word, ipAddress: fc.ipV4() }), { maxLength: 3 }),
          }
        : {}),
    },
    { requiredKeys: ["name", "image", "memoryReservation"] },
  );

const definition: fc.Arbitrary<Registration> = fc
  .record({
    isFargate: fc.boolean(),
    mode: fc.constantFrom("bridge", "host", "awsvpc", "none"),
    count: fc.integer({ min: 1, max: 3 }),
  })
  .chain(({ isFargate, mode, count }) => {
    const networkMode = isFargate ? "awsvpc" : mode;
    const fields: Record<string, fc.Arbitrary<unknown>> = {
      family: word,
      networkMode: fc.constant(networkMode),
      executionRoleArn: fc.constant("arn:aws:iam::123456789012:role/ecsTaskExecutionRole"),
      taskRoleArn: word.map((each) => `arn:aws:iam::123456789012:role/${each}`),
      cpu: isFargate ? fc.constant("1 vCPU") : fc.constantFrom("256", "0.5 vCPU"),
      memory: isFargate ? fc.constant("2GB") : fc.constantFrom("1024", "0.5 GB"),
      pidMode: isFargate ? fc.constant("task") : fc.constantFrom("task", "host"),
      runtimePlatform: fc.record(
        {
          cpuArchitecture: fc.constantFrom("ARM64", "X86_64"),
          operatingSystemFamily: fc.constant("LINUX"),
        },
        { requiredKeys: ["cpuArchitecture"] },
      ),
      volumes: fc.constant([
        { name: "scratch" },
        {
          name: "efs",
          efsVolumeConfiguration: { fileSystemId: "fs-0123456789abcdef0", transitEncryption: "ENABLED" },
        },
      ]),
      containerDefinitions: fc.tuple(
        ...names.slice(0, count).map((name) => container(name, isFargate, networkMode)),
      ),
      ...(isFargate
        ? {
            requiresCompatibilities: fc.constantFrom(["FARGATE"], ["EC2", "FARGATE"]),
            ephemeralStorage: fc.record({ sizeInGiB: fc.integer({ min: 21, max: 200 }) }),
          }
        : { ipcMode: fc.constantFrom("task", "none") }),
    };
    const always = ["family", "networkMode", "executionRoleArn", "volumes", "containerDefinitions"];
    const onFargate = isFargate ? ["cpu", "memory", "requiresCompatibilities"] : [];
    return fc.record(fields, { requiredKeys: [...always, ...onFargate] });
  }) as unknown as fc.Arbitrary<Registration>;

/** True if ECS takes it: some combinations of random fields it refuses. */
function isAccepted(json: Registration): boolean {
  try {
    checkTaskDefinition(json);
    return true;
  } catch {
    return false;
  }
}

test("the chain of any task definition that ECS takes registers the same one", () => {
  let accepted = 0;
  fc.assert(
    fc.property(definition, (json) => {
      if (!isAccepted(json)) return;
      accepted++;
      const registered = registrationOf(json);
      expect(normal(registered)).toEqual(normal(json));
      expect(() => checkTaskDefinition(registered)).not.toThrow();
    }),
    { numRuns: 400 },
  );
  expect(accepted).toBeGreaterThan(200);
});

test("what ECS refuses is a SpecError, or is refused by ECS in the chain's words, too", () => {
  fc.assert(
    fc.property(definition, (json) => {
      if (isAccepted(json)) return;
      try {
        expect(isAccepted(registrationOf(json))).toBe(false);
      } catch (error) {
        if (!(error instanceof SpecError)) throw error;
      }
    }),
    { numRuns: 200 },
  );
});

test("the chain of a task definition is deployed, registers the same one, and has nothing to do afterwards", async () => {
  await fc.assert(
    fc.asyncProperty(definition, async (json) => {
      fc.pre(isAccepted(json));
      const cloud = localCloud({ clock: "virtual" });
      try {
        const sent: Registration = {
          ...json,
          // Roles that exist in the account; the ports of an instance are taken by one task.
          executionRoleArn: undefined,
          taskRoleArn: undefined,
          runtimePlatform: undefined,
          containerDefinitions: json.containerDefinitions?.map(
            ({ portMappings: _, healthCheck: __, ...rest }) => rest,
          ),
        };
        const deployed = chainOf(sent).service({ desired: 1 }).on(cloud);
        const { taskDefinition: arn } = await deployed.deploy();
        const { taskDefinition } = await cloud.ports.ecs.describeTaskDefinition({ taskDefinition: arn });
        const { executionRoleArn: _, ...registered } = taskDefinitionNormalForm(taskDefinition!);
        expect(registered).toEqual(normal(sent));
        expect((await deployed.plan()).isEmpty).toBe(true);
      } finally {
        await cloud.close();
      }
    }),
    { numRuns: 6, endOnFailure: true },
  );
});
