import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, Job, LoadBalancer, type Plan } from "../../src/index.js";
import { localCloud, type LocalCloud, type LocalCloudOptions } from "../../src/local/index.js";
import { writesOf } from "./account.js";
import { comparable } from "./comparable.js";

let cloud: LocalCloud;
let pristine: unknown;
const vpc = (name: string, cidr: string) => ({ tags: { Name: name }, cidr, zones: ["a", "b"] });
const account: LocalCloudOptions = {
  clock: "virtual",
  vpcs: [vpc("main", "10.1.0.0/16"), vpc("other", "10.2.0.0/16")],
};
beforeEach(() => {
  cloud = localCloud(account);
  pristine = comparable(cloud);
});
afterEach(() => cloud.close());

const talk = (vpc: string) =>
  new Deployment("talk")
    .image("registry.example.com/talk:1")
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("web").fargate().network({ vpc }))
    .on(cloud);

const report = (vpc: string) =>
  new Job("report")
    .image("registry.example.com/report:1")
    .container({ cpu: 256, memory: 512 })
    .cluster(new Cluster("web").fargate().network({ vpc }))
    .schedule("cron(0 3 * * ? *)")
    .on(cloud);

const onInstances = (vpc: string) =>
  new Deployment("talk")
    .image("registry.example.com/talk:1")
    .container({ cpu: 128, memoryReservation: 128 })
    .cluster(new Cluster("web").ec2().network({ vpc }))
    .on(cloud);

interface Chain {
  plan(): Promise<Plan>;
  deploy(): Promise<unknown>;
  destroy(): Promise<unknown>;
}

const groups = () =>
  [...cloud.account.ec2.securityGroups.values()]
    .filter(({ name }) => name !== "default")
    .map(({ name, vpcId }) => `${name} in ${cloud.account.ec2.vpcs.get(vpcId)?.tags.get("Name")}`);

describe("another VPC", () => {
  test.each<[string, (vpc: string) => Chain]>([
    ["a service on Fargate", talk],
    ["a job on Fargate", report],
  ])("of %s takes the security group of the old one with it", async (_what, chain) => {
    await chain("main").deploy();
    expect(groups()).toHaveLength(1);
    const { changes } = await chain("other").plan();
    expect(changes.filter(({ action }) => action === "delete")).toEqual([
      expect.objectContaining({
        resource: "security-group",
        name: expect.stringMatching(/^vpc-\w+\/\w+-tasks$/),
      }),
    ]);
    await chain("other").deploy();
    // EC2 shows a new group after some seconds.
    await cloud.clock.sleep(10_000);
    expect(groups()).toEqual([expect.stringMatching(/^\w+-tasks in other$/)]);
    expect((await chain("other").plan()).toString()).toMatch(/^Plan: nothing to change/);
    expect(await writesOf(cloud, () => chain("other").deploy())).toEqual([]);
    await chain("other").destroy();
    expect(comparable(cloud)).toEqual(pristine);
  });

  test("of a cluster with instances, which stay where they are, is refused before anything is changed", async () => {
    await onInstances("main").deploy();
    const plan = await onInstances("other").plan();
    expect(plan.warnings).toContainEqual(
      expect.stringMatching(/^auto-scaling-group web-instances cannot be changed in place/),
    );
    const writes = await writesOf(cloud, () =>
      expect(onInstances("other").deploy()).rejects.toMatchObject({
        code: "replacement-needed",
        message: expect.stringContaining("vpcId"),
      }),
    );
    expect(writes).toEqual([]);
    await onInstances("main").destroy();
    expect(comparable(cloud)).toEqual(pristine);
  });

  test("of a service behind another load balancer there is refused before anything is changed", async () => {
    const behind = (vpc: string) =>
      talk(vpc).behindAlb(new LoadBalancer(`${vpc}-alb`).network({ vpc }), { healthCheck: "/health" });
    await cloud.close();
    cloud = localCloud({ ...account, taggingDelay: 180 });
    await behind("main").deploy();
    // At once, too, when the tagging API does not know the old target group yet.
    for (const later of [0, 300_000]) {
      await cloud.clock.sleep(later);
      const writes = await writesOf(cloud, () =>
        expect(behind("other").deploy()).rejects.toMatchObject({ code: "different-vpcs" }),
      );
      expect(writes).toEqual([]);
    }
    await behind("main").destroy();
    expect(comparable(cloud)).toEqual(pristine);
  });

  test("of a job keeps the group of the old one while a task runs there", async () => {
    await report("main").deploy();
    await report("main").run({ wait: false });
    await cloud.clock.sleep(60_000);
    await report("other").deploy();
    expect(groups()).toEqual(["report-tasks in main", "report-tasks in other"]);
    await report("other").destroy();
    expect(comparable(cloud)).toEqual(pristine);
  });
});
