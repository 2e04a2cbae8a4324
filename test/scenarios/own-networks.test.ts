import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer, Network } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown } from "./account.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
  await pushImage(cloud);
});
afterEach(() => cloud.close());

async function pushImage({ ports, account }: LocalCloud): Promise<void> {
  await ports.ecr.createRepository({ repositoryName: "talk" });
  const digest = `sha256:${"0".repeat(64)}`;
  const image = {
    digest,
    tags: new Set(["1"]),
    platform: "linux/amd64",
    content: { type: "opaque" },
  } as const;
  account.ecr.repositories.get("talk")!.images.set(digest, image);
}

const inEcr = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/talk:1";
const talk = (cluster: Cluster, network: Network, name = "talk") =>
  new Deployment(name)
    .image(inEcr)
    .port(8080)
    .cluster(cluster.network(network))
    .behindAlb(new LoadBalancer("conferenceAlb").http().network(network), { path: `/${name}*` })
    .on(cloud);

describe.each([
  ["EC2", () => new Cluster("web").ec2()],
  ["Fargate", () => new Cluster("web").fargate()],
] as const)("a deployment on %s in a network of its own", (_, cluster) => {
  test.each(["one", "each", "none"] as const)("with nat %s", async (nat) => {
    const before = cloud.state();
    const deployment = talk(cluster(), new Network("conference").nat(nat));
    await deployment.deploy();
    expect((await deployment.status()).isHealthy).toBe(true);
    expect((await deployment.plan()).changes.filter(({ action }) => action !== "none")).toEqual([]);
    await tagsKnown(cloud);
    expect((await deployment.destroy()).kept).toEqual([]);
    await tagsKnown(cloud);
    expect(cloud.state()).toEqual(before);
  });
});
