import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Cluster, SpecError, type ClusterAutoscaleOptions, type Ec2Options } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
});
afterEach(() => cloud.close());

interface Description {
  readonly ec2?: Ec2Options;
  readonly tags?: Record<string, string>;
  readonly autoscale?: ClusterAutoscaleOptions;
}
const web = ({ ec2 = {}, tags = {}, autoscale = { min: 2, max: 2 } }: Description = {}) =>
  new Cluster("web").ec2(ec2).tags(tags).autoscale(autoscale).on(cloud);
const hosts = () =>
  [...cloud.account.autoScaling.groups.get("web-instances")!.instances.values()].map(({ id }) =>
    cloud.account.ec2.instances.get(id)!,
  );
const amiOf = (name: RegExp) => cloud.account.ec2.machineImages.find((image) => name.test(image.name))!.id;
const policies = () => [
  ...[...cloud.account.iam.roles.values()].find(({ name }) => name.startsWith("web-instance-role"))!.attached,
];

describe("a setting that only new instances get is named by the plan, and reaches all by a refresh:", () => {
  test.each<readonly [string, () => Description, string]>([
    ["instanceType", () => ({ ec2: { instanceType: "t3.medium" } }), "instance type"],
    [
      "ami",
      () => ({ ec2: { ami: amiOf(/^amzn2-ami-ecs-hvm-.*x86_64/) } }),
      "AMI of 2025-12-09, now of 2025-12-09",
    ],
    ["os", () => ({ ec2: { os: "bottlerocket" } }), "AMI of 2025-12-09, now of 2025-12-09; user data"],
    ["volume", () => ({ ec2: { volume: { size: 50, encrypted: true } } }), "volume"],
    ["publicIp", () => ({ ec2: { publicIp: true } }), "security groups; network interface"],
    ["agent", () => ({ ec2: { agent: { ECS_IMAGE_PULL_BEHAVIOR: "prefer-cached" } } }), "user data"],
    ["userData", () => ({ ec2: { userData: "echo hello" } }), "user data"],
    ["metadataHopLimit", () => ({ ec2: { metadataHopLimit: 2 } }), "metadata options"],
    ["spot", () => ({ ec2: { spot: true } }), "user data; spot"],
    ["spot in part", () => ({ ec2: { spot: { onDemandBase: 1, onDemandPercent: 25 } } }), "user data"],
    ["securityGroup", () => ({ ec2: { securityGroup: "another" } }), "security groups"],
    ["instanceRole", () => ({ ec2: { instanceRole: "another" } }), "instance profile"],
    ["instanceTypes", () => ({ ec2: { instanceTypes: ["t3.medium", "t3.large"] } }), "instance type"],
    ["tags", () => ({ tags: { team: "a" } }), "tags"],
  ])("%s", async (_setting, changed, what) => {
    await web().deploy();
    const before = hosts();
    const { warnings } = await web(changed()).plan();
    const said = warnings.filter((warning) => warning.includes("out of date")).join();
    const inPlan = /\((.*)\): cluster\.refresh\(\) replaces them$/.exec(said)?.[1]?.split("; ").sort();
    const expected = what.split("; ").sort();
    expect(
      inPlan?.filter(
        (each) => !(each === "security groups" && what === "security groups; network interface"),
      ),
    ).toEqual(
      expected.filter(
        (each) => !(each === "security groups" && what === "security groups; network interface"),
      ),
    );
    await web(changed()).deploy();
    expect(hosts()).toEqual(before);
    const { hosts: reported } = await web(changed()).status();
    expect(reported!.map(({ isCurrent }) => isCurrent)).toEqual([false, false]);
    await web(changed()).refresh();
    expect(hosts().filter((host) => before.includes(host))).toEqual([]);
    const { hosts: refreshed } = await web(changed()).status();
    expect(refreshed!.map(({ isCurrent, outdated }) => [isCurrent, outdated])).toEqual([
      [true, []],
      [true, []],
    ]);
    const plan = await web(changed()).plan();
    expect([plan.isEmpty, plan.warnings]).toEqual([true, []]);
  });
});

describe("a setting that reaches running instances by itself leaves none out of date:", () => {
  test.each<readonly [string, Description, () => unknown, unknown]>([
    [
      "sessionManager",
      { ec2: { sessionManager: true } },
      () => policies().some((arn) => arn.endsWith("/AmazonSSMManagedInstanceCore")),
      true,
    ],
    [
      "instanceRolePolicies",
      { ec2: { instanceRolePolicies: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"] } },
      () => policies().includes("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"),
      true,
    ],
    [
      "more instance types",
      { ec2: { instanceTypes: ["t3.small", "t3a.small"] } },
      () => cloud.account.autoScaling.groups.get("web-instances")!.launchTemplate.mixed!.types,
      ["t3.small", "t3a.small"],
    ],
    [
      "autoscale",
      { autoscale: { min: 2, max: 5 } },
      () => cloud.account.autoScaling.groups.get("web-instances")!.max,
      5,
    ],
  ])("%s", async (_setting, changed, read, expected) => {
    await web().deploy();
    expect(read()).not.toEqual(expected);
    expect((await web(changed).plan()).warnings.join()).not.toContain("out of date");
    await web(changed).deploy();
    expect(read()).toEqual(expected);
    expect((await web(changed).status()).hosts!.every(({ isCurrent }) => isCurrent)).toBe(true);
    expect((await web(changed).plan()).isEmpty).toBe(true);
    await web().deploy();
    expect(read()).not.toEqual(expected);
  });
});

test("status().hosts has each instance with its AMI, its age, its agent and its tasks", async () => {
  await web({ ec2: { spot: { onDemandBase: 1 } } }).deploy();
  cloud.publishAmis();
  await cloud.clock.sleep(10 * 86_400_000);
  const { hosts: reported } = await web({ ec2: { spot: { onDemandBase: 1 } } }).status();
  expect(reported!.map(({ id: _id, zone: _zone, ami: { id: _ami, ...ami }, ...host }) => ({ ...host, ami })))
    .toMatchInlineSnapshot(`
    [
      {
        "agent": {
          "isConnected": true,
          "version": "1.94.0",
        },
        "ami": {
          "age": 33,
          "createdAt": 2025-12-09T00:00:00.000Z,
          "name": "al2023-ami-ecs-hvm-2023.0.20251209-kernel-6.1-x86_64",
        },
        "isCurrent": false,
        "lifecycle": "InService",
        "outdated": [
          "AMI",
        ],
        "spot": false,
        "status": "ACTIVE",
        "tasks": 0,
        "type": "t3.small",
      },
      {
        "agent": {
          "isConnected": true,
          "version": "1.94.0",
        },
        "ami": {
          "age": 33,
          "createdAt": 2025-12-09T00:00:00.000Z,
          "name": "al2023-ami-ecs-hvm-2023.0.20251209-kernel-6.1-x86_64",
        },
        "isCurrent": false,
        "lifecycle": "InService",
        "outdated": [
          "AMI",
        ],
        "spot": true,
        "status": "ACTIVE",
        "tasks": 0,
        "type": "t3.small",
      },
    ]
  `);
  const { warnings } = await web({ ec2: { spot: { onDemandBase: 1 } } }).plan();
  expect(warnings).toMatchInlineSnapshot(`
    [
      "2 of 2 instances of cluster web are out of date (AMI of 2025-12-09, now of 2026-01-01): cluster.refresh() replaces them",
    ]
  `);
});

test("a share of instances is on demand, the others on Spot", async () => {
  const shared = { ec2: { spot: { onDemandBase: 1, onDemandPercent: 25 } }, autoscale: { min: 5, max: 5 } };
  await web(shared).deploy();
  expect(hosts().filter(({ isSpot }) => isSpot)).toHaveLength(3);
  const { MixedInstancesPolicy: policy, CapacityRebalance } = (
    await cloud.ports.autoScaling.describeAutoScalingGroups({})
  ).AutoScalingGroups![0]!;
  expect(CapacityRebalance).toBe(true);
  expect(policy!.InstancesDistribution).toMatchObject({
    OnDemandBaseCapacity: 1,
    OnDemandPercentageAboveBaseCapacity: 25,
    SpotAllocationStrategy: "price-capacity-optimized",
  });
});

test("where one type is lacking, the group launches another of its types", async () => {
  cloud.lackCapacity({ instanceType: "t3.small" });
  await web({ ec2: { instanceTypes: ["t3.small", "t3a.small"] } }).deploy();
  expect(hosts().map(({ instanceType }) => instanceType)).toEqual(["t3a.small", "t3a.small"]);
});

test("types of different architectures are refused before anything is changed", async () => {
  const mixed = web({ ec2: { instanceTypes: ["t3.small", "t4g.small"] } });
  await expect(mixed.deploy()).rejects.toMatchObject({
    code: "different-architectures",
    message:
      "Nothing was changed: the instance types of cluster web have different architectures: t3.small is x86_64, t4g.small is arm64",
  });
});

test("Bottlerocket's agent gets its settings, and its instances register", async () => {
  const agent = { ECS_IMAGE_PULL_BEHAVIOR: "once", ECS_RESERVED_MEMORY: "64" };
  await web({ ec2: { os: "bottlerocket", agent, volume: { size: 40 } } }).deploy();
  expect(hosts()[0]!.userData).toBe(
    '[settings.ecs]\ncluster = "web"\nimage-pull-behavior = "once"\nreserved-memory = 64\n',
  );
  expect((await web({ ec2: { os: "bottlerocket", agent } }).status()).instances).toBe(2);
});

test("invalid settings are a SpecError before any call", async () => {
  const before = cloud.calls.length;
  const error = await web({
    ec2: {
      instanceType: "t3.small",
      instanceTypes: ["t3.small", "t3.small", "large"],
      os: "bottlerocket",
      ami: "ami-0123456789abcdef0",
      userData: "echo",
      spot: { onDemandPercent: 101 },
      volume: { type: "io2", throughput: 200, encrypted: false, kmsKey: "key" },
      instanceRolePolicies: ["AmazonS3ReadOnlyAccess"],
      agent: { ECS_CLUSTER: "other", PATH: "/bin", ECS_LOGFILE: "a\nb" },
      metadataHopLimit: 0,
      refresh: "always" as never,
    },
  })
    .plan()
    .catch((thrown: unknown) => thrown as SpecError);
  expect(error).toBeInstanceOf(SpecError);
  expect((error as SpecError).issues.map(({ path, message }) => `${path}: ${message}`))
    .toMatchInlineSnapshot(`
    [
      "cluster.ec2.instanceTypes: is not supported with instanceType: remove one of the two",
      "cluster.ec2.instanceTypes: must be different instance types",
      "cluster.ec2.instanceTypes: must be EC2 instance types, {family}.{size}, such as "t3.small"; got "large"",
      "cluster.ec2.os: is not supported with ami, which decides it: remove one of the two",
      "cluster.ec2.spot.onDemandPercent: must be a whole number from 0 to 100 percent; got 101",
      "cluster.ec2.volume.kmsKey: must be the ARN of a KMS key, arn:aws:kms:{region}:{account}:key/{id}",
      "cluster.ec2.volume.kmsKey: needs encrypted, which is false",
      "cluster.ec2.volume.iops: is required with type io2",
      "cluster.ec2.volume.throughput: is supported with type gp3 only",
      "cluster.ec2.instanceRolePolicies: must be ARNs of IAM policies, arn:aws:iam::…:policy/…; got "AmazonS3ReadOnlyAccess"",
      "cluster.ec2.agent.ECS_CLUSTER: cannot be set: it is the cluster itself",
      "cluster.ec2.agent.ECS_CLUSTER: is not a setting of Bottlerocket, which has ECS_IMAGE_PULL_BEHAVIOR, ECS_CONTAINER_STOP_TIMEOUT, ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION, ECS_IMAGE_CLEANUP_INTERVAL, ECS_IMAGE_MINIMUM_CLEANUP_AGE, ECS_NUM_IMAGES_DELETE_PER_CYCLE, ECS_RESERVED_MEMORY, ECS_AVAILABLE_LOGGING_DRIVERS, ECS_ENABLE_CONTAINER_METADATA, ECS_LOGLEVEL, ECS_BACKEND_HOST",
      "cluster.ec2.agent.PATH: must be a variable of the ECS agent, ECS_…, such as ECS_IMAGE_PULL_BEHAVIOR",
      "cluster.ec2.agent.PATH: is not a setting of Bottlerocket, which has ECS_IMAGE_PULL_BEHAVIOR, ECS_CONTAINER_STOP_TIMEOUT, ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION, ECS_IMAGE_CLEANUP_INTERVAL, ECS_IMAGE_MINIMUM_CLEANUP_AGE, ECS_NUM_IMAGES_DELETE_PER_CYCLE, ECS_RESERVED_MEMORY, ECS_AVAILABLE_LOGGING_DRIVERS, ECS_ENABLE_CONTAINER_METADATA, ECS_LOGLEVEL, ECS_BACKEND_HOST",
      "cluster.ec2.agent.ECS_LOGFILE: must be one line of ASCII without single quotes; got "a\\nb"",
      "cluster.ec2.agent.ECS_LOGFILE: is not a setting of Bottlerocket, which has ECS_IMAGE_PULL_BEHAVIOR, ECS_CONTAINER_STOP_TIMEOUT, ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION, ECS_IMAGE_CLEANUP_INTERVAL, ECS_IMAGE_MINIMUM_CLEANUP_AGE, ECS_NUM_IMAGES_DELETE_PER_CYCLE, ECS_RESERVED_MEMORY, ECS_AVAILABLE_LOGGING_DRIVERS, ECS_ENABLE_CONTAINER_METADATA, ECS_LOGLEVEL, ECS_BACKEND_HOST",
      "cluster.ec2.metadataHopLimit: must be a whole number from 1 to 64; got 0",
      "cluster.ec2.refresh: must be "manual" or "on-deploy"; got "always"",
      "cluster.ec2.userData: is not supported on Bottlerocket, which has no shell: remove it, or os",
    ]
  `);
  expect(cloud.calls.length).toBe(before);
});
