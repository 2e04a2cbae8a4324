import { expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import { issuesOf, refusals, talk, type Untyped } from "./issues-of.js";

const complete = new Deployment("talk-service").image("talk-service:1").cluster("conference-cluster");
const image = "registry.example.com/db-proxy:2";
const proxy = (options: unknown, chain: Untyped = talk) => chain["sidecar"]!("db-proxy", options);
const fargate = talk["cluster"]!(new Cluster("c").fargate());

test("sidecar calls of one name merge, and no branch changes another", () => {
  const base = complete.sidecar("db-proxy", { image, port: 5432, environment: { A: "1", B: "1" } });
  const branch = base.sidecar("db-proxy", { port: 5433, environment: { B: "2" }, essential: false });
  const [sidecar] = branch.sidecar("agent", { image: "agent:1" }).toJSON().sidecars;
  expect(sidecar).toMatchObject({
    name: "db-proxy",
    image: { reference: image, credentials: undefined },
    essential: false,
    port: 5433,
    memoryReservation: 64,
    environment: { A: "1", B: "2" },
  });
  expect(branch.toJSON().sidecars).toHaveLength(1);
  expect(base.toJSON().sidecars[0]).toMatchObject({ essential: true, port: 5432, environment: { B: "1" } });
  expect(complete.toJSON().sidecars).toEqual([]);
});

test("a sidecar has an image reference and a unique name", () => {
  const named = (name: unknown) => talk["sidecar"]!(name, { image });
  expect([
    ...refusals(["db proxy", "", 1, "talk-service"], named),
    ...refusals([undefined, {}, { image: "./db-proxy" }, { image: "DB" }], proxy),
    ...refusals(
      [
        { image, credentials: "secret" },
        { image, essential: "no" },
        { image, name: "other" },
        { image, port: 0 },
        { image, memory: 64, memoryReservation: 64 },
        { image, secrets: { A: "plain" } },
        { image, healthCheck: 1 },
      ],
      proxy,
    ),
  ]).toMatchInlineSnapshot(`
    [
      "sidecar: the name must be 1 to 255 letters, digits, hyphens and underscores; got "db proxy"",
      "sidecar: the name must be 1 to 255 letters, digits, hyphens and underscores; got """,
      "sidecar: the name must be 1 to 255 letters, digits, hyphens and underscores; got 1",
      "sidecar.talk-service: must not have the main container's name: use a different name",
      "sidecar.db-proxy.image: must be an image reference, such as "registry.example.com/db-proxy:2", or a directory, such as "./db-proxy"; got undefined",
      "sidecar.db-proxy.image: must be an image reference, such as "registry.example.com/db-proxy:2", or a directory, such as "./db-proxy"; got undefined",
      "sidecar.db-proxy.image: the file db-proxy/Dockerfile was not found: check the directory, or set the path of the Dockerfile: { dockerfile: "docker/Dockerfile" }",
      "sidecar.db-proxy.image: must be an image reference, such as "registry.example.com/db-proxy:2", or a directory, such as "./db-proxy"; got "DB"",
      "sidecar.db-proxy.credentials: must be the ARN of a Secrets Manager secret; got "secret"",
      "sidecar.db-proxy.essential: must be true or false; got "no"",
      "sidecar.db-proxy.name: unknown option; valid options: image, build, credentials, essential, port, ports, cpu, memory, memoryReservation, command, entryPoint, environment, secrets, healthCheck, dependsOn, stopTimeout, user, logs, maxSwap, swappiness, ulimits, init, capabilities, sharedMemory, tmpfs, devices, gpus, systemControls, mounts, volumesFrom, workingDirectory, readonlyRootFilesystem, privileged, tty, interactive, labels, environmentFiles, extraHosts, hostname, dnsServers, dnsSearchDomains, disableNetworking, dockerSecurityOptions, links, credentialSpecs, restart, startTimeout, versionConsistency, firelens",
      "sidecar.db-proxy.port: must be a whole number from 1 to 65535; got 0",
      "sidecar.db-proxy.memoryReservation: must be less than memory, 64 (MiB); got 64",
      "sidecar.db-proxy.secrets.A: must be "ssm:/path", or the ARN of a Parameter Store parameter or of a Secrets Manager secret; got another string",
      "sidecar.db-proxy.healthCheck: must be a shell command line, { command, interval, timeout, retries, startPeriod }, or false for none; got 1",
    ]
  `);
  const ten = Array.from({ length: 10 }, (_, index) => `sidecar-${index}`);
  expect(issuesOf(ten.reduce((chain, name) => chain["sidecar"]!(name, { image }), talk))).toEqual([
    "sidecar: must be at most 9 sidecars, which is ECS's limit; got 10",
  ]);
});

test("sidecars on Fargate share the task's size and ports", () => {
  const task = fargate["container"]!({ port: 8080, cpu: 256, memory: 512, memoryReservation: 300 });
  const bad = [
    { image, port: 8080 },
    { image, cpu: 512 },
    { image, memoryReservation: 213 },
    { image, memory: 213 },
    { image, memory: 513, memoryReservation: 64 },
    { image, stopTimeout: "3m" },
  ];
  expect(refusals(bad, (options) => proxy(options, task))).toMatchInlineSnapshot(`
    [
      "sidecar.db-proxy.port: 8080 is already used by talk-service: on Fargate, the containers of a task share its ports",
      "container.cpu: is 256 CPU units, but the task's containers need 512 CPU units: increase .container({ cpu }), or decrease the sidecars'",
      "container.memory: is 512 MiB, but the task's containers need 513 MiB: increase .container({ memory }), or decrease the sidecars'",
      "container.memory: is 512 MiB, but the task's containers need 513 MiB: increase .container({ memory }), or decrease the sidecars'",
      "sidecar.db-proxy.memory: must be at most the task's memory, 512 MiB; got 513",
      "sidecar.db-proxy.stopTimeout: must be a duration from 1s to 2m, such as "60s", "5m", "1h" or "3d"; got "3m"",
    ]
  `);
  const good = { image, port: 5432, cpu: 256, memory: 512, memoryReservation: 212 };
  expect(issuesOf(proxy(good, task))).toEqual([]);
  // On EC2 every container has ports and sizes of its own.
  expect(issuesOf(proxy({ image, port: 8080, cpu: 512 }, talk["port"]!(8080)))).toEqual([]);
});
