import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer, QuaysideError, type Ec2Options } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { Sources } from "../docker/sources.js";
import { sharedAccount, writesOf } from "./account.js";
import { constantLoad } from "./constant-load.js";
import { withPermissionsOf } from "./least-privilege.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
});
afterEach(() => cloud.close());

const cluster = (options: Ec2Options = {}) => new Cluster("web").ec2(options).on(cloud);
const template = () =>
  (cloud.state().launchTemplates["web-instances"] as { latest: { ImageId: string; UserData: string } })
    .latest;
const imageOf = () =>
  cloud.account.ec2.machineImages.find(({ id }) => id === template().ImageId)?.name ?? template().ImageId;
const userData = () => Buffer.from(template().UserData, "base64").toString();

async function refusal(work: () => Promise<unknown>): Promise<string[]> {
  let error: unknown;
  const writes = await writesOf(cloud, () => work().catch((thrown: unknown) => void (error = thrown)));
  expect(writes).toEqual([]);
  expect(error).toBeInstanceOf(QuaysideError);
  const { code, message, fix } = error as QuaysideError;
  return [code, message, fix ?? ""];
}

describe("another instance type", () => {
  test("of the same architecture keeps the AMI, though ECS recommends a newer one", async () => {
    await cluster().deploy();
    const before = template().ImageId;
    publishNewImages();
    expect((await cluster().plan()).isEmpty).toBe(true);
    await cluster({ instanceType: "t3.medium" }).deploy();
    expect(template().ImageId).toBe(before);
  });

  test("of another architecture brings the AMI of that architecture, as the plan shows", async () => {
    await cluster().deploy();
    const arm = cluster({ instanceType: "t4g.small" });
    const { changes } = await arm.plan();
    const fields = changes.find(({ resource }) => resource === "launch-template")!.fields;
    expect(fields.map(({ path }) => path)).toEqual(["imageId", "instanceType"]);
    await arm.deploy();
    expect(imageOf()).toMatch(/^al2023-ami-ecs-hvm-.*-arm64$/);
    expect((await arm.plan()).isEmpty).toBe(true);
  });

  test("with GPUs brings the AMI with their drivers, and another one takes it away again", async () => {
    await cluster().deploy();
    await cluster({ instanceType: "g5.xlarge" }).deploy();
    expect(imageOf()).toMatch(/^al2023-ami-ecs-gpu-hvm-/);
    await cluster({ instanceType: "inf2.xlarge" }).deploy();
    expect(imageOf()).toMatch(/^al2023-ami-ecs-neuron-hvm-/);
    await cluster().deploy();
    expect(imageOf()).toMatch(/^al2023-ami-ecs-hvm-/);
    expect(await refusal(() => cluster({ instanceType: "g5g.xlarge" }).deploy())).toMatchInlineSnapshot(`
      [
        "ami-not-found",
        "Nothing was changed: this region has no ECS-optimized Amazon Linux 2023 AMI for arm64 with GPUs (g5g.xlarge)",
        "Set an AMI: .ec2({ ami: "ami-…" }).",
      ]
    `);
  });

  test("mends a template that an older version left with the AMI of another architecture", async () => {
    await cluster().deploy();
    const [broken] = [...cloud.account.ec2.launchTemplates.values()];
    const version = broken!.versions.at(-1)!;
    broken!.versions.push({
      ...version,
      number: 2,
      data: { ...version.data, InstanceType: "t4g.small" },
    });
    await cluster({ instanceType: "t4g.small" }).deploy();
    expect(imageOf()).toMatch(/arm64$/);
  });
});

describe("an AMI", () => {
  const idOf = (name: RegExp) => cloud.account.ec2.machineImages.find((image) => name.test(image.name))!.id;

  test("is not looked up in Parameter Store while the template's can be used", async () => {
    await cluster().deploy();
    cloud.account.ec2.machineImages = cloud.account.ec2.machineImages.map((image) => ({
      ...image,
      parameters: [],
    }));
    expect((await cluster({ instanceType: "t3.medium" }).plan()).changes).not.toEqual([]);
    await cluster({ instanceType: "t3.medium" }).deploy();
  });

  test("that was deregistered is replaced by the one that ECS recommends", async () => {
    await cluster().deploy();
    const before = template().ImageId;
    publishNewImages();
    cloud.account.ec2.machineImages = cloud.account.ec2.machineImages.filter(({ id }) => id !== before);
    await cluster().deploy();
    expect(template().ImageId).not.toBe(before);
  });

  test("of Bottlerocket is given settings, and its instances register", async () => {
    const ami = idOf(/^bottlerocket.*x86_64/);
    await cluster({ ami, spot: true }).deploy();
    expect(userData()).toBe('[settings.ecs]\ncluster = "web"\nenable-spot-instance-draining = true\n');
    expect((await cluster({ ami }).status()).instances).toBe(2);
    expect(await refusal(() => cluster({ ami, userData: "echo hello" }).deploy())).toMatchInlineSnapshot(`
      [
        "user-data-not-supported",
        "Nothing was changed: the instances of cluster web cannot run the commands of userData: their AMI is Bottlerocket, which has no shell",
        "Remove userData, or use an ECS-optimized Amazon Linux AMI.",
      ]
    `);
  });

  test("that cannot be used is refused before anything is changed", async () => {
    expect([
      await refusal(() => cluster({ ami: "ami-0123456789abcdef0" }).deploy()),
      await refusal(() => cluster({ ami: idOf(/^al2023-ami-ecs-hvm-.*arm64/) }).deploy()),
    ]).toMatchInlineSnapshot(`
      [
        [
          "ami-not-found",
          "Nothing was changed: AMI ami-0123456789abcdef0 does not exist in this region, or this account cannot use it",
          "AMI ids differ by region: use the id of this region, or omit \`ami\` for the one that ECS recommends.",
        ],
        [
          "ami-architecture",
          "Nothing was changed: AMI ami-01cc58e5ba23a19aa is for arm64, but t3.small is x86_64",
          "Use an AMI for x86_64, or an instance type of the AMI's architecture.",
        ],
      ]
    `);
  });
});

describe("an image that is built", () => {
  let sources: Sources;
  beforeEach(async () => {
    sources = await Sources.create({ Dockerfile: 'FROM node:22\nEXPOSE 8080\nCMD ["node", "server.mjs"]\n' });
  });
  afterEach(() => sources[Symbol.asyncDispose]());
  const types = () =>
    [...cloud.account.ec2.instances.values()]
      .filter(({ state }) => state === "running")
      .map(({ instanceType }) => instanceType);
  const tagsOf = (repository: string) => Object.values(cloud.state().repositories[repository]!.images).flat();
  const talk = (type: string, options: object = {}) =>
    new Deployment("talk")
      .image(sources.directory, options)
      .cluster(new Cluster("web").ec2({ instanceType: type }))
      .on(cloud);

  test("moves from t3 to t4g in one deploy without losing a request: it is built for both", async () => {
    const moving = (type: string) =>
      talk("t3.small")
        .cluster(new Cluster("web").ec2({ instanceType: type, refresh: "on-deploy" }))
        .service({ desired: 4 })
        .behindAlb(new LoadBalancer("alb"), { path: "/*" });
    await moving("t3.small").deploy();
    const load = constantLoad(cloud, "talk");
    await moving("t4g.small").deploy();
    expect(types()).toEqual(["t4g.small", "t4g.small"]);
    expect(load.sent).toBeGreaterThan(1_000);
    expect(load.lost).toBe(0);
    expect((await moving("t4g.small").status()).isHealthy).toBe(true);
    // The image for both serves on: there is no other build, and no other rollout.
    expect((await moving("t4g.small").plan()).isEmpty).toBe(true);
    expect(tagsOf("talk")).toHaveLength(2);
    await sources.write("server.mjs", "// 2");
    await moving("t4g.small").deploy();
    expect(tagsOf("talk")).toHaveLength(3);
  });

  test("is built for both while hosts of the other architecture stay", async () => {
    await talk("t3.small").deploy();
    await talk("t4g.small").deploy();
    expect(types()).toEqual(["t3.small", "t3.small"]);
    expect((await talk("t4g.small").status()).isHealthy).toBe(true);
    expect((await talk("t4g.small").plan()).isEmpty).toBe(true);
  });

  test("is built for another architecture on a cluster of its own", async () => {
    await talk("t3.small").deploy();
    const arm = new Cluster("web-arm64").ec2({ instanceType: "t4g.small" });
    const other = talk("t4g.small").cluster(arm);
    await withPermissionsOf(talk("t3.small"), () => other.deploy());
    expect((await other.status()).isHealthy).toBe(true);
  });

  test("for another platform than the instances' is told as what it is", async () => {
    await expect(talk("t3.small", { platform: "linux/arm64" }).deploy()).rejects.toMatchObject({
      diagnosis: "wrong-architecture",
    });
  });
});

/** What AWS does every few weeks: the parameters lead to new images, and the old ones stay. */
function publishNewImages(): void {
  cloud.account.ec2.machineImages = cloud.account.ec2.machineImages.flatMap((image) => [
    { ...image, parameters: [] },
    { ...image, id: image.id.replace(/.$/, (last) => (last === "0" ? "1" : "0")) },
  ]);
}
