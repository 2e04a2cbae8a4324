import { describe, expect, test } from "vitest";
import { Cluster, Deployment, SpecError } from "../../src/index.js";
import { localCloud } from "../../src/local/index.js";

const talk = (options?: unknown) =>
  new Deployment("talk")
    .image("talk:1")
    .container({ port: 8080, memory: 256 })
    .cluster(new Cluster("talks").managedInstances(options as never));

const problemsOf = async (chain: { plan(options: object): Promise<unknown> }): Promise<string[]> => {
  const error = await chain.plan({}).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SpecError);
  return (error as SpecError).issues.map(({ path, message }) => `${path} ${message}`);
};
const on = <T>(chain: { on(cloud: object): T }): T => chain.on(localCloud({ clock: "virtual" }) as never);

describe("the options of Managed Instances", () => {
  test.each([
    [{ instanceTypes: [] }, "instanceTypes must have 1 to 400 instance types"],
    [
      { instanceTypes: ["large"] },
      'instanceTypes must be EC2 instance types, {family}.{size}, or patterns such as "m7g.*"; got "large"',
    ],
    [{ spot: "yes" }, 'spot must be true or false; got "yes"'],
    [{ storage: 0 }, "storage must be a whole number from 1 to 16384 (GiB); got 0"],
    [{ monitoring: "fine" }, 'monitoring must be "basic" or "detailed"; got "fine"'],
    [{ scaleInAfter: "2h" }, "scaleInAfter must be"],
    [
      { instanceRolePolicies: ["ReadOnly"] },
      'instanceRolePolicies must be ARNs of managed policies; got "ReadOnly"',
    ],
    [
      { infrastructureRole: "ecs" },
      "infrastructureRole must be the ARN of an IAM role, arn:aws:iam::{account}:role/ecs: permissions() needs",
    ],
    [
      { requirements: { vCpuCount: { min: 4, max: 2 } } },
      "requirements.vCpuCount.max must be at least 4, which is min; got 2",
    ],
    [{ requirements: { cpuManufacturers: ["arm"] } }, "requirements.cpuManufacturers must be some of"],
    [{ requirements: { vcpuCount: { min: 4 } } }, "requirements.vcpuCount"],
    [
      { instanceTypes: ["m5.large"], requirements: { excludedInstanceTypes: ["t3.*"] } },
      "requirements.excludedInstanceTypes is not supported with instanceTypes: remove one of the two",
    ],
  ])("%j are refused by their path", async (options, problem) => {
    const [first, ...others] = await problemsOf(on(talk(options)));
    expect(first).toContain(`cluster.managedInstances.${problem}`);
    expect(others).toEqual([]);
  });

  test.each([
    { instanceTypes: ["m7g.*", "c5*", "r6i.large", "*"] },
    { scaleInAfter: false },
    { scaleInAfter: "0s" },
    { requirements: { acceleratorTypes: ["gpu"], acceleratorCount: { min: 1 } } },
  ])("%j are taken", async (options) => {
    await expect(on(talk(options)).plan({})).resolves.toBeDefined();
  });
});

describe("what Managed Instances do not support", () => {
  const unsupported =
    "is not supported on Managed Instances: remove it, or use instances, new Cluster(name).ec2()";
  test.each([
    [
      "the network mode bridge",
      talk().task({ networkMode: "bridge" }),
      "task.networkMode must be awsvpc or host on Managed Instances",
    ],
    ["an IPC mode", talk().task({ ipcMode: "task" }), `task.ipcMode ${unsupported}`],
    [
      "ephemeral storage",
      talk().task({ ephemeralStorage: 50 }),
      "task.ephemeralStorage is only supported on Fargate",
    ],
    [
      "other compatibilities",
      talk().task({ compatibilities: ["EC2"] }),
      "task.compatibilities must include MANAGED_INSTANCES on Managed Instances",
    ],
    [
      "other attributes",
      talk().task({ placementConstraints: ["attribute:ecs.os-type == linux"] }),
      "task.placementConstraints must name no other attribute",
    ],
    ["Docker labels", talk().container({ labels: { a: "b" } }), `container.labels ${unsupported}`],
    ["a host name", talk().container({ hostname: "web" }), `container.hostname ${unsupported}`],
    [
      "extra hosts",
      talk().container({ extraHosts: { db: "10.0.0.1" } }),
      `container.extraHosts ${unsupported}`,
    ],
    ["tmpfs", talk().container({ tmpfs: { "/tmp": 64 } }), `container.tmpfs ${unsupported}`],
    ["shared memory", talk().container({ sharedMemory: 64 }), `container.sharedMemory ${unsupported}`],
    [
      "a host volume",
      talk().volume("cache", { host: "/srv" }),
      "volume.cache.host is not supported on Managed Instances",
    ],
    [
      "a Docker volume",
      talk().volume("cache", { docker: {} }),
      "volume.cache.docker is not supported on Managed Instances",
    ],
    [
      "another log driver",
      talk().logs({ driver: "json-file" }),
      "must have one of the drivers of Managed Instances",
    ],
    [
      "a placement strategy",
      talk().service({ placement: "binpack" }),
      "service.placement must have no strategy on Managed Instances",
    ],
    [
      "a scaling of instances",
      new Deployment("talk")
        .image("talk:1")
        .cluster(new Cluster("talks").managedInstances().autoscale({ min: 1, max: 2 })),
      "cluster.autoscale is not supported on Managed Instances, whose number ECS decides by the tasks",
    ],
    [
      "options of an existing cluster",
      new Deployment("talk")
        .image("talk:1")
        .cluster(Cluster.existing("talks").managedInstances({ spot: true })),
      "cluster.managedInstances is not supported with Cluster.existing(...)",
    ],
  ] as const)("%s is refused by its path", async (_, chain, problem) => {
    expect((await problemsOf(on(chain as never))).join("\n")).toContain(problem);
  });

  test("constraints that name a zone are placed", async () => {
    const placed = talk().service({ placement: { constraints: ["distinctInstance"] } });
    await expect(on(placed).plan({})).resolves.toBeDefined();
  });
});
