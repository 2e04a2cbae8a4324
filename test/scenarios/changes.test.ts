import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Cluster, LoadBalancer, type CompleteDeployment, type ConnectOptions } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown, writesOf } from "./account.js";
import { comparable } from "./comparable.js";
import { TUTORIAL_STEPS, TUTORIAL_TASKS } from "./scaling-chains.js";
import {
  conferenceAlb,
  conferenceCluster,
  conferenceEc2,
  speakerService,
  talkLogs,
  talkOnFargate,
  talkRoute,
  talkService,
  talkWithoutRoute,
} from "./tutorial.js";
import { withPermissionsOf } from "./least-privilege.js";

let cloud: LocalCloud;
let pristine: unknown;

beforeEach(async () => {
  cloud = await sharedAccount();
  pristine = comparable(cloud);
});
afterEach(() => cloud.close());

type Chain = (cloud: LocalCloud) => CompleteDeployment;

interface Change {
  readonly of: string;
  /** @defaultValue the tutorial's */
  readonly from?: Chain;
  readonly to: Chain;
  /** What the change writes, and what it writes when it is taken back; refused calls do not count. */
  readonly writes: readonly string[];
  readonly back: readonly string[];
}

const routed =
  (route: object, alb = conferenceAlb): Chain =>
  (on) =>
    talkService(on).behindAlb(alb, { ...talkRoute, ...route });
const rollout = ["registerTaskDefinition", "updateService"];
const connected =
  (options: ConnectOptions): Chain =>
  (on) =>
    talkOnFargate(on).connect({ namespace: "conference", ...options });

const CHANGES: readonly Change[] = [
  {
    of: "a name in Service Connect",
    from: connected({ as: "talk" }),
    to: connected({ as: "talks" }),
    writes: ["registerTaskDefinition", "tagResource", "updateService"],
    back: ["registerTaskDefinition", "tagResource", "updateService"],
  },
  {
    of: "the port of a name in Service Connect, and its timeout",
    from: connected({ as: "talk" }),
    to: connected({ as: "talk", port: 80, requestTimeout: "1m" }),
    writes: ["tagResource", "updateService"],
    back: ["tagResource", "updateService"],
  },
  {
    of: "the protocol in Service Connect, and its logs",
    from: connected({ as: "talk" }),
    to: connected({ as: "talk", protocol: "tcp", logs: false }),
    writes: ["registerTaskDefinition", "tagResource", "updateService"],
    back: ["registerTaskDefinition", "tagResource", "updateService"],
  },
  {
    of: "a name in Service Connect that becomes a client",
    from: connected({ as: "talk" }),
    to: connected({}),
    writes: ["registerTaskDefinition", "tagResource", "updateService"],
    back: ["registerTaskDefinition", "tagResource", "updateService"],
  },
  { of: "the image", to: (on) => talkService(on, "talk:2"), writes: rollout, back: rollout },
  { of: "a variable", to: (on) => talkService(on).env({ A: "1" }), writes: rollout, back: rollout },
  { of: "the container's port", to: (on) => talkService(on).port(9090), writes: rollout, back: rollout },
  {
    of: "the container's name",
    to: (on) => talkService(on).container({ name: "app" }),
    writes: rollout,
    back: rollout,
  },
  {
    of: "the container's name, on Fargate",
    from: talkOnFargate,
    to: (on) => talkOnFargate(on).container({ name: "app" }),
    writes: rollout,
    back: rollout,
  },
  {
    of: "the size of a Fargate task",
    from: talkOnFargate,
    to: (on) => talkOnFargate(on).container({ cpu: 512, memory: 1024 }),
    writes: rollout,
    back: rollout,
  },
  {
    of: "the desired count",
    to: (on) => talkService(on).service({ desired: 3 }),
    writes: ["updateService"],
    back: ["updateService"],
  },
  {
    of: "the placement",
    to: (on) => talkService(on).service({ placement: "binpack" }),
    writes: ["tagResource", "updateService"],
    back: ["tagResource", "updateService"],
  },
  {
    of: "placement constraints",
    to: (on) =>
      talkService(on).service({
        placement: { constraints: ["distinctInstance", { memberOf: "attribute:ecs.instance-type =~ t2.*" }] },
      }),
    writes: ["tagResource", "updateService"],
    back: ["tagResource", "updateService"],
  },
  {
    of: "the circuit breaker",
    to: (on) => talkService(on).service({ circuitBreaker: false }),
    writes: ["tagResource", "updateService"],
    back: ["tagResource", "updateService"],
  },
  {
    of: "the rolling limits",
    to: (on) => talkService(on).service({ rolling: { minHealthyPercent: 50 } }),
    writes: ["tagResource", "updateService"],
    back: ["tagResource", "updateService"],
  },
  {
    of: "the grace period",
    to: (on) => talkService(on).service({ healthCheckGrace: "2m" }),
    writes: ["tagResource", "updateService"],
    back: ["tagResource", "updateService"],
  },
  {
    of: "the health check's path",
    to: routed({ healthCheck: "/ok" }),
    writes: ["modifyTargetGroup"],
    back: ["modifyTargetGroup"],
  },
  {
    of: "the deregistration delay",
    to: routed({ deregistrationDelay: "30s" }),
    writes: ["addTags", "modifyTargetGroupAttributes"],
    back: ["addTags", "modifyTargetGroupAttributes"],
  },
  {
    of: "stickiness",
    to: routed({ stickiness: "1h" }),
    writes: ["addTags", "modifyTargetGroupAttributes"],
    back: ["addTags", "modifyTargetGroupAttributes"],
  },
  { of: "the path", to: routed({ path: "/speak*" }), writes: ["modifyRule"], back: ["modifyRule"] },
  {
    of: "the rule's further conditions",
    to: routed({
      methods: ["GET"],
      headers: { "X-Team": "a*" },
      query: { beta: "1" },
      source: "10.0.0.0/8",
    }),
    writes: ["modifyRule"],
    back: ["modifyRule"],
  },
  {
    of: "slow start",
    to: routed({ slowStart: "30s" }),
    writes: ["addTags", "modifyTargetGroupAttributes"],
    back: ["addTags", "modifyTargetGroupAttributes"],
  },
  {
    of: "the algorithm",
    to: routed({ algorithm: "least-outstanding" }),
    writes: ["addTags", "modifyTargetGroupAttributes"],
    back: ["addTags", "modifyTargetGroupAttributes"],
  },
  {
    of: "the health check's port, on Fargate",
    from: (on) => talkOnFargate(on).container({ ports: [9090] }),
    to: (on) =>
      talkOnFargate(on)
        .container({ ports: [9090] })
        .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: { path: "/health", port: 9090 } }),
    writes: ["authorizeSecurityGroupIngress", "modifyTargetGroup"],
    back: ["modifyTargetGroup", "revokeSecurityGroupIngress"],
  },
  {
    of: "the priority, which then stays",
    to: routed({ priority: 7 }),
    writes: ["setRulePriorities"],
    back: [],
  },
  {
    of: "a listener's port",
    to: routed({}, conferenceAlb.http(8080)),
    writes: [
      "authorizeSecurityGroupIngress",
      "authorizeSecurityGroupIngress",
      "createListener",
      "createRule",
    ],
    // Its rules are deleted with it.
    back: ["deleteListener", "revokeSecurityGroupIngress", "revokeSecurityGroupIngress"],
  },
  {
    of: "the load balancer's attributes",
    to: routed({}, conferenceAlb.attributes({ idleTimeout: "2m", accessLogs: "s3://logs" })),
    writes: ["addTags", "modifyLoadBalancerAttributes"],
    back: ["modifyLoadBalancerAttributes", "removeTags"],
  },
  {
    of: "the load balancer's own answers",
    from: routed({}, conferenceAlb.respond({ path: "/health" }, { status: 200, body: "ok" })),
    to: routed(
      {},
      conferenceAlb
        .respond({ path: "/health" }, { status: 204 })
        .redirect({ path: "/old*" }, { to: "/talk" }),
    ),
    writes: ["createRule", "modifyRule"],
    back: ["deleteRule", "modifyRule"],
  },
  {
    of: "who may come in",
    to: routed({}, conferenceAlb.allow("10.0.0.0/8")),
    writes: ["authorizeSecurityGroupIngress", "revokeSecurityGroupIngress", "revokeSecurityGroupIngress"],
    back: ["authorizeSecurityGroupIngress", "authorizeSecurityGroupIngress", "revokeSecurityGroupIngress"],
  },
  {
    of: "the retention",
    to: (on) => talkService(on).logs("talk-service-cloudwatch", { ...talkLogs, retention: "60d" }),
    writes: ["putRetentionPolicy"],
    back: ["putRetentionPolicy"],
  },
  {
    of: "the retention, to keep everything",
    to: (on) => talkService(on).logs("talk-service-cloudwatch", { ...talkLogs, retention: "never" }),
    writes: ["deleteRetentionPolicy"],
    back: ["putRetentionPolicy"],
  },
  {
    of: "the deployment's tags, of which none is ever taken off",
    to: (on) => talkService(on).tags({ team: "talks" }),
    writes: ["addTags", "addTags", "tagResource", "tagResource", "tagResource"],
    back: [],
  },
  {
    of: "the cluster's largest size",
    from: (on) => talkService(on).cluster(conferenceCluster.autoscale({ min: 2, max: 4 })),
    to: (on) => talkService(on).cluster(conferenceCluster.autoscale({ min: 2, max: 6 })),
    writes: ["updateAutoScalingGroup"],
    back: ["updateAutoScalingGroup"],
  },
  {
    of: "ECS's scaling of the instances, where some run already",
    to: (on) => talkService(on).cluster(conferenceCluster.autoscale({ min: 2, max: 4 })),
    writes: [
      "setInstanceProtection",
      "tagResource",
      "updateAutoScalingGroup",
      "updateCapacityProvider",
      "updateService",
    ],
    back: [
      "setInstanceProtection",
      "tagResource",
      "updateAutoScalingGroup",
      "updateCapacityProvider",
      "updateService",
    ],
  },
  {
    of: "the tutorial's scaling of instances and tasks",
    to: (on) =>
      talkService(on).cluster(conferenceCluster.autoscale(TUTORIAL_STEPS)).autoscale(TUTORIAL_TASKS),
    writes: [
      "createLaunchTemplateVersion",
      "createServiceLinkedRole",
      "putMetricAlarm",
      "putMetricAlarm",
      "putScalingPolicy",
      "putScalingPolicy",
      "putScalingPolicy",
      "registerScalableTarget",
      "updateAutoScalingGroup",
    ],
    back: [
      "createLaunchTemplateVersion",
      "deleteAlarms",
      "deleteAlarms",
      "deletePolicy",
      "deletePolicy",
      "deregisterScalableTarget",
      "updateAutoScalingGroup",
    ],
  },
  {
    of: "the instance type, for instances to come",
    to: (on) =>
      talkService(on).cluster(
        new Cluster("conference-cluster").ec2({ ...conferenceEc2, instanceType: "t3.small" }),
      ),
    writes: ["createLaunchTemplateVersion", "updateAutoScalingGroup"],
    back: ["createLaunchTemplateVersion", "updateAutoScalingGroup"],
  },
  {
    of: "secrets, whose role goes with them",
    to: (on) => talkService(on).secrets({ DATABASE_URL: "ssm:/talk/database-url" }),
    writes: ["attachRolePolicy", "createRole", "putRolePolicy", ...rollout],
    back: ["deleteRole", "deleteRolePolicy", "detachRolePolicy", ...rollout],
  },
  {
    of: "the log group's name",
    to: (on) => talkService(on).logs("other-logs", talkLogs),
    writes: ["createLogGroup", "deleteLogGroup", "putRetentionPolicy", ...rollout],
    back: ["createLogGroup", "deleteLogGroup", "putRetentionPolicy", ...rollout],
  },
  {
    of: "the service's name",
    to: (on) => talkService(on).service({ name: "talks" }),
    writes: ["createService", "deleteService"],
    back: ["createService", "deleteService"],
  },
];

describe("a change", () => {
  test.each(CHANGES)("of $of writes what it touches, there and back", async (change) => {
    const { from = talkService, to, writes, back } = change;
    await from(cloud).deploy();
    await tagsKnown(cloud);

    expect(await writesOf(cloud, () => to(cloud).deploy())).toEqual(writes);
    expect((await to(cloud).plan()).toString()).toMatch(/^Plan: nothing to change/);
    await tagsKnown(cloud);
    expect(await writesOf(cloud, () => from(cloud).deploy())).toEqual(back);
    expect((await from(cloud).plan()).toString()).toMatch(/^Plan: nothing to change/);

    const { kept } = await from(cloud).destroy();
    expect(kept).toEqual([]);
    expect(comparable(cloud)).toEqual(pristine);
  });

  test.each(CHANGES)("of $of leaves nothing when it is destroyed", async ({ from = talkService, to }) => {
    await from(cloud).deploy();
    await tagsKnown(cloud);
    await to(cloud).deploy();
    await tagsKnown(cloud);

    await to(cloud).destroy();

    expect(comparable(cloud)).toEqual(pristine);
  });

  test.each(CHANGES)(
    "of $of that is only described leaves nothing either",
    async ({ from = talkService, to }) => {
      await from(cloud).deploy();
      await tagsKnown(cloud);
      await tagsKnown(cloud);

      await to(cloud).destroy();

      expect(comparable(cloud)).toEqual(pristine);
    },
  );
});

describe("a service that moves", () => {
  const elsewhere: Chain = (on) => talkService(on).cluster(new Cluster("other-cluster").ec2());
  const behindAnother: Chain = (on) =>
    talkWithoutRoute(on).behindAlb(new LoadBalancer("otherAlb"), {
      ...talkRoute,
      targetGroup: "otherTargets",
    });

  test.each<[string, Chain, readonly string[]]>([
    [
      "to another cluster",
      elsewhere,
      ["cluster conference-cluster", "service conference-cluster/talk-service-ecs"],
    ],
    [
      "behind another load balancer",
      behindAnother,
      ["load-balancer conferenceAlb", "listener conferenceAlb:80"],
    ],
    [
      "out of its load balancer",
      talkWithoutRoute,
      ["load-balancer conferenceAlb", "target-group talkServiceTargetGroup"],
    ],
  ])("%s takes with it what nobody else used, once the new place works", async (_, moved, gone) => {
    await talkService(cloud).deploy();
    await tagsKnown(cloud);
    const plan = await moved(cloud).plan();
    const deleted = plan.changes.filter(({ action }) => action === "delete");
    expect(deleted.map(({ resource, name }) => `${resource} ${name}`)).toEqual(
      expect.arrayContaining([...gone]),
    );

    const order: string[] = [];
    await withPermissionsOf(talkService(cloud), () =>
      moved(cloud).deploy({
        onEvent: (event) => {
          if (event.type === "rollout") order.push(event.status);
          if (event.type === "started" && event.action === "delete") order.push("delete");
        },
      }),
    );
    expect(order.indexOf("delete")).toBeGreaterThan(order.lastIndexOf("SUCCESSFUL"));
    expect((await moved(cloud).plan()).toString()).toMatch(/^Plan: nothing to change/);
    expect((await moved(cloud).status()).isHealthy).toBe(true);

    await moved(cloud).destroy();
    expect(comparable(cloud)).toEqual(pristine);
  });

  test("leaves a cluster and a load balancer that others use as they are", async () => {
    await talkService(cloud).deploy();
    await speakerService(cloud).deploy();
    await tagsKnown(cloud);

    await talkWithoutRoute(cloud).cluster(new Cluster("other-cluster").ec2()).deploy();

    expect((await speakerService(cloud).plan()).toString()).toMatch(/^Plan: nothing to change/);
    expect((await speakerService(cloud).status()).isHealthy).toBe(true);
  });

  test("takes its target group's place behind another load balancer: the new one beside the old, which then goes", async () => {
    const groups = () =>
      [...cloud.account.elb.targetGroups.values()]
        .map(({ name }) => name)
        .filter((name) => name.startsWith("talkService"));
    await talkService(cloud).deploy();
    const moved = talkWithoutRoute(cloud).behindAlb(new LoadBalancer("otherAlb"), talkRoute);
    const [before] = groups();

    const plan = await moved.plan();
    expect(plan.warnings).toEqual([
      expect.stringMatching(new RegExp(`^target-group ${before} has another load balancer, .* replaces it$`)),
    ]);
    await withPermissionsOf(talkService(cloud), () => moved.deploy());
    expect(groups()).toEqual([expect.stringMatching(new RegExp(`^${before}-[0-9a-f]{6}$`))]);
    expect((await moved.plan()).toString()).toMatch(/^Plan: nothing to change/);
    expect((await moved.status()).isHealthy).toBe(true);

    // And back: there it has its own name again.
    await withPermissionsOf(moved, () => talkService(cloud).deploy());
    expect(groups()).toEqual([before]);
    expect((await talkService(cloud).plan()).toString()).toMatch(/^Plan: nothing to change/);
    await talkService(cloud).destroy();
    expect(groups()).toEqual([]);
  });
});
