import { afterEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer, type Cloud } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, writesOf } from "./account.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const talk = (on: Cloud, alb = "conferenceAlb") =>
  new Deployment("talk-service")
    .image("registry.example.com/talk-service:1")
    .port(8080)
    .cluster("conference-cluster")
    .behindAlb(alb, { path: "/talk*", healthCheck: "/health" })
    .on(on);

async function interruptedAfter(operation: string): Promise<void> {
  const abort = new AbortController();
  cloud.faults.inject({ operation: operation as never, kind: "abort", run: abort, when: "after" });
  await expect(talk(cloud).deploy({ signal: abort.signal })).rejects.toThrow();
  cloud.faults.clear();
}

describe("a cluster that a deployment only names, and that an interrupted run has begun to create", () => {
  test.each(["createCluster", "createRole", "createInstanceProfile", "createCapacityProvider"])(
    "is completed by the next deploy (%s)",
    async (operation) => {
      cloud = await sharedAccount();
      await interruptedAfter(operation);
      await talk(cloud).deploy();
      expect((await talk(cloud).status()).isHealthy).toBe(true);
      expect((await talk(cloud).plan()).isEmpty).toBe(true);
      expect(await writesOf(cloud, () => talk(cloud).deploy())).toEqual([]);
    },
  );

  test("is completed in the plan first", async () => {
    cloud = await sharedAccount();
    await interruptedAfter("createRole");
    const { changes } = await talk(cloud).plan();
    expect(changes).toContainEqual(
      expect.objectContaining({ resource: "iam-role", reason: "its creation was interrupted" }),
    );
  });
});

describe("what another chain describes is not changed by a deployment that only names it", () => {
  test("a role keeps the policies that it has besides", async () => {
    cloud = await sharedAccount();
    const cluster = new Cluster("conference-cluster").ec2({ instanceType: "t3.large" }).on(cloud);
    await cluster.deploy();
    const [role] = [...cloud.account.iam.roles.values()].filter(({ tags }) => tags.has("quayside:owner"));
    await cloud.ports.iam.attachRolePolicy({
      RoleName: role!.name,
      PolicyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
    });
    await talk(cloud).deploy();
    expect([...role!.attached]).toHaveLength(2);
  });

  test("a load balancer that admits some addresses only is not opened to the world", async () => {
    cloud = await sharedAccount();
    await new LoadBalancer("conferenceAlb").http(80).allow("203.0.113.0/24").on(cloud).deploy();
    const rules = () => cloud.state().securityGroups["conferenceAlb-alb" as never] as unknown;
    const before = structuredClone(rules());
    await talk(cloud).deploy();
    expect(rules()).toEqual(before);
    expect((await talk(cloud).plan()).isEmpty).toBe(true);
  });
});
