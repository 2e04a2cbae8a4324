import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, Fleet, Job, type Cloud, type Plan } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, writesOf } from "./account.js";
import { talkInColors } from "./colors.js";
import { conferenceCluster, speakerService, talkOnFargate, talkService } from "./tutorial.js";

const MINUTE = 60_000;

interface Chain {
  plan(): Promise<Plan>;
  deploy(): Promise<unknown>;
}

const job = (cloud: Cloud, cluster: Cluster): Chain =>
  new Job("nightly-report")
    .image("registry.example.com/report:1")
    .secrets({ TOKEN: "ssm:/report/token" })
    .cluster(cluster)
    .schedule("cron(0 3 * * ? *)")
    .on(cloud);

const everything = (cloud: Cloud): Chain =>
  new Deployment("everything")
    .image("registry.example.com/everything:1")
    .container({
      port: 8080,
      cpu: 128,
      memoryReservation: 128,
      command: ["serve"],
      environment: { A: "1", B: "2" },
      healthCheck: "curl -f http://localhost:8080/health",
    })
    .sidecar("proxy", { image: "registry.example.com/proxy:1", port: 9090, memoryReservation: 64 })
    .service({
      desired: 2,
      exec: true,
      placement: {
        strategy: [{ spread: "zone" }, { binpack: "memory" }],
        constraints: [{ memberOf: "attribute:ecs.os-type == linux" }],
      },
    })
    .cluster(
      new Cluster("conference-cluster").ec2({ instanceType: "t3.small" }).autoscale({ min: 2, max: 4 }),
    )
    .behindAlb("conferenceAlb", { path: "/everything*", healthCheck: "/health", stickiness: "1h" })
    .autoscale({ min: 2, max: 6, cpu: 50, requestsPerTask: 1000 })
    .on(cloud);

const stepped = (cloud: Cloud): Chain =>
  talkService(cloud)
    .cluster(
      conferenceCluster.autoscale({
        min: 2,
        max: 4,
        steps: [{ when: "cpu >= 80", for: "60s", add: 1 }],
        schedule: [{ at: "cron(0 8 * * ? *)", min: 3 }],
      }),
    )
    .autoscale({
      min: 2,
      max: 6,
      steps: [{ when: "memory >= 80", for: "60s", add: 1 }],
      schedule: [{ at: "cron(0 8 * * ? *)", min: 3 }],
    });

const CHAINS: readonly (readonly [string, (cloud: Cloud) => Chain])[] = [
  ["a rolling service", talkService],
  ["a rolling service with every option", everything],
  ["scaling by steps and schedules", stepped],
  ["a service on Fargate", talkOnFargate],
  ["a blue/green service", talkInColors],
  ["a job on Fargate", (cloud) => job(cloud, new Cluster("conference-cluster").fargate())],
  ["a job on EC2", (cloud) => job(cloud, new Cluster("conference-cluster").ec2())],
  ["a fleet", (cloud) => new Fleet(talkService(cloud), speakerService(cloud))],
];

describe.each([
  ["AWS's own defaults filled in", {}],
  ["members in every answer that no SDK knows", { unknownMembers: true }],
  ["tags that the tagging API knows an hour late", { taggingDelay: 3600 }],
  ["both", { unknownMembers: true, taggingDelay: 3600 }],
])("with %s, nothing is to be changed a second time", (_, options) => {
  let cloud: LocalCloud;
  beforeEach(async () => {
    cloud = await sharedAccount(options);
  });
  afterEach(() => cloud.close());

  test.each(CHAINS)("for %s", async (_, chainOn) => {
    const chain = chainOn(cloud);
    await chain.deploy();
    for (const later of [0, MINUTE, 5 * MINUTE, 61 * MINUTE]) {
      await cloud.clock.sleep(later);
      const { changes } = await chain.plan();
      expect(changes.filter(({ action }) => action !== "none")).toEqual([]);
      expect(await writesOf(cloud, () => chain.deploy())).toEqual([]);
    }
  });
});
