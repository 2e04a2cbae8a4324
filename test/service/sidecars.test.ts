import { expect, test } from "vitest";
import { deadContainer, stopReason } from "../../src/service/rollout/dead-container.js";
import { executionPolicy } from "../../src/service/task-definition/execution-policy.js";
import { taskDefinitionInput } from "../../src/service/task-definition/task-definition-input.js";
import type { SidecarSpec } from "../../src/spec/sidecars.js";
import { onFargate, onlyPort, talkService } from "./deployment-spec.js";

const sidecar = (name: string, changes: Partial<SidecarSpec> = {}): SidecarSpec => ({
  ...talkService().container,
  name,
  port: undefined,
  ports: onlyPort(changes.port),
  cpu: undefined,
  memoryReservation: 64,
  image: { reference: `example.com/${name}:1`, credentials: undefined, build: undefined },
  essential: true,
  ...changes,
});
const region = "eu-west-1";
const credentials = "arn:aws:secretsmanager:eu-west-1:1:secret:registry-abcdef";

test("on EC2 a sidecar is a container beside the main one, which reaches it by its name", () => {
  const sidecars = [
    sidecar("db-proxy", { port: 5432, cpu: 32, memory: 128 }),
    sidecar("migrate", { essential: false }),
    sidecar("front", { dependsOn: { web: "START" } }),
  ];
  const spec = talkService({ sidecars, container: { dependsOn: { migrate: "SUCCESS" } } });
  const [main, proxy, migrate, front] = taskDefinitionInput(spec, { region }).containerDefinitions!;
  expect(main).toMatchObject({
    name: "web",
    links: ["db-proxy"],
    dependsOn: [{ containerName: "migrate", condition: "SUCCESS" }],
  });
  expect(proxy).toEqual({
    name: "db-proxy",
    image: "example.com/db-proxy:1",
    cpu: 32,
    memory: 128,
    memoryReservation: 64,
    portMappings: [{ containerPort: 5432, hostPort: 0, protocol: "tcp" }],
    essential: true,
    logConfiguration: main!.logConfiguration,
  });
  expect(migrate).toMatchObject({ name: "migrate", essential: false });
  expect(front).toMatchObject({ links: ["web"], dependsOn: [{ containerName: "web", condition: "START" }] });
});

test("on Fargate a sidecar has a part of the task, and the task's address", () => {
  const spec = talkService({
    cluster: onFargate(),
    container: { cpu: 512, memory: 1024 },
    sidecars: [sidecar("db-proxy", { port: 5432, cpu: 64, memory: 256 })],
  });
  const pinned = "example.com/db-proxy@sha256:abc";
  const input = taskDefinitionInput(spec, { region, images: new Map([["db-proxy", pinned]]) });
  const [main, proxy] = input.containerDefinitions!;
  expect(input).toMatchObject({ cpu: "512", memory: "1024" });
  expect(main).not.toHaveProperty("cpu");
  expect(main).not.toHaveProperty("links");
  expect(proxy).toMatchObject({
    image: pinned,
    cpu: 64,
    memory: 256,
    portMappings: [{ containerPort: 5432, hostPort: 5432 }],
  });
});

test("the execution role may read what sidecars need", () => {
  const secrets = { TOKEN: { from: "parameter-store", parameter: "/proxy/token" } } as const;
  const proxy = sidecar("db-proxy", { secrets, image: { reference: "x", credentials, build: undefined } });
  const policy = executionPolicy(talkService({ sidecars: [proxy] }), { region, partition: "aws" });
  expect(policy!.Statement.flatMap(({ Resource }) => Resource)).toEqual([
    "arn:aws:ssm:eu-west-1:*:parameter/proxy/token",
    credentials,
    `${credentials}-??????`,
    "*",
  ]);
});

test("the container whose exit stopped the task is distinguished from those that ECS stopped", () => {
  const task = (containers: object) => ({
    stopCode: "EssentialContainerExited" as const,
    stoppedReason: "Essential container in task exited",
    containers: Object.entries(containers).map(([name, exitCode]) => ({
      name,
      exitCode: exitCode as number,
    })),
  });
  const dead = (containers: object) => deadContainer(task(containers))?.name;
  expect(dead({ web: 143, proxy: 1 })).toBe("proxy");
  expect(dead({ web: 0, proxy: 139 })).toBe("proxy");
  expect(dead({ web: 137, proxy: 2 })).toBe("proxy");
  expect(dead({ web: 143, proxy: 0 })).toBe("proxy");
  expect(stopReason(task({ web: 143, proxy: 1 }))).toBe("Essential container in task exited: proxy");
  expect(stopReason(task({ web: 1 }))).toBe("Essential container in task exited");
});
