import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Cluster, OwnershipError, type CompleteDeployment } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, writesOf } from "./account.js";
import { comparable } from "./comparable.js";
import {
  conferenceAlb,
  conferenceEc2,
  speakerService,
  talkOnFargate,
  talkRoute,
  talkService,
  talkWithoutRoute,
} from "./tutorial.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
});
afterEach(() => cloud.close());

const trust = (Service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
  });

async function network() {
  const { ec2 } = cloud.ports;
  const { Vpcs } = await ec2.describeVpcs({});
  const { Subnets } = await ec2.describeSubnets({});
  return { VpcId: Vpcs![0]!.VpcId!, subnets: Subnets!.map(({ SubnetId }) => SubnetId!) };
}

const theirTaskDefinition = (family: string) =>
  cloud.ports.ecs.registerTaskDefinition({
    family,
    networkMode: "bridge",
    containerDefinitions: [
      { name: "web", image: "theirs:1", memoryReservation: 64, portMappings: [{ containerPort: 8080 }] },
    ],
  });

/** One of everything under the names that the tutorial's chain describes, made by somebody else. */
const FOREIGN: Record<string, () => Promise<unknown>> = {
  "security-group conferenceEcsSecurityGroup": async () => {
    const { VpcId } = await network();
    await cloud.ports.ec2.createSecurityGroup({
      GroupName: "conferenceEcsSecurityGroup",
      Description: "theirs",
      VpcId,
    });
    await cloud.clock.sleep(10_000);
  },
  "load-balancer conferenceAlb": async () => {
    const { subnets } = await network();
    await cloud.ports.elb.createLoadBalancer({ Name: "conferenceAlb", Subnets: subnets });
    await cloud.clock.sleep(300_000);
  },
  "target-group talkServiceTargetGroup": async () => {
    const { VpcId } = await network();
    await cloud.ports.elb.createTargetGroup({
      Name: "talkServiceTargetGroup",
      Protocol: "HTTP",
      Port: 80,
      VpcId,
    });
  },
  "iam-role ecsInstanceRole": () =>
    cloud.ports.iam.createRole({
      RoleName: "ecsInstanceRole",
      AssumeRolePolicyDocument: trust("ec2.amazonaws.com"),
    }),
  "instance-profile ecsInstanceRole": () =>
    cloud.ports.iam.createInstanceProfile({ InstanceProfileName: "ecsInstanceRole" }),
  "log-group talk-service-cloudwatch": () =>
    cloud.ports.logs.createLogGroup({ logGroupName: "talk-service-cloudwatch" }),
  "launch-template conference-cluster-instances": () => theirLaunchTemplate(),
  "auto-scaling-group conference-cluster-instances": async () => {
    const { subnets } = await network();
    await theirLaunchTemplate("theirs");
    await cloud.ports.autoScaling.createAutoScalingGroup({
      AutoScalingGroupName: "conference-cluster-instances",
      MinSize: 0,
      MaxSize: 1,
      LaunchTemplate: { LaunchTemplateName: "theirs", Version: "1" },
      VPCZoneIdentifier: subnets.join(","),
    });
  },
  "task-definition talk-service": () => theirTaskDefinition("talk-service"),
  "cluster conference-cluster": () => cloud.ports.ecs.createCluster({ clusterName: "conference-cluster" }),
};

const theirLaunchTemplate = (LaunchTemplateName = "conference-cluster-instances") =>
  cloud.ports.ec2.createLaunchTemplate({
    LaunchTemplateName,
    LaunchTemplateData: { ImageId: "ami-0721038df5273f93a", InstanceType: "t3.micro" },
  });

/** In the things that deploys make themselves: they are there once the rest of the chain is. */
const INSIDE: Record<string, () => Promise<unknown>> = {
  "service talk-service-ecs": async () => {
    await talkService(cloud).service({ name: "another" }).deploy();
    await theirTaskDefinition("theirs");
    await cloud.ports.ecs.createService({
      cluster: "conference-cluster",
      serviceName: "talk-service-ecs",
      taskDefinition: "theirs",
      desiredCount: 0,
      launchType: "EC2",
    });
    await cloud.clock.sleep(10_000);
  },
  "listener conferenceAlb:8080": async () => {
    await talkService(cloud).deploy();
    const { LoadBalancers } = await cloud.ports.elb.describeLoadBalancers({ Names: ["conferenceAlb"] });
    await cloud.ports.elb.createListener({
      LoadBalancerArn: LoadBalancers![0]!.LoadBalancerArn!,
      Port: 8080,
      Protocol: "HTTP",
      DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "503" } }],
    });
  },
  "listener-rule conferenceAlb:80/talk-service": async () => {
    await talkService(cloud).deploy();
    const { LoadBalancers } = await cloud.ports.elb.describeLoadBalancers({ Names: ["conferenceAlb"] });
    const { Listeners } = await cloud.ports.elb.describeListeners({
      LoadBalancerArn: LoadBalancers![0]!.LoadBalancerArn!,
    });
    const { Rules } = await cloud.ports.elb.describeRules({ ListenerArn: Listeners![0]!.ListenerArn! });
    await cloud.ports.elb.deleteRule({ RuleArn: Rules!.find(({ IsDefault }) => !IsDefault)!.RuleArn! });
    await cloud.ports.elb.createRule({
      ListenerArn: Listeners![0]!.ListenerArn!,
      Priority: 1,
      Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/talk*"] } }],
      Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "503" } }],
    });
  },
};

const chain = (name: string): CompleteDeployment =>
  name.endsWith(":8080")
    ? talkWithoutRoute(cloud).behindAlb(conferenceAlb.http(8080), talkRoute)
    : talkService(cloud);

describe("a name that somebody else has", () => {
  test.each(Object.keys({ ...FOREIGN, ...INSIDE }))(
    "of a %s is refused before anything is changed",
    async (name) => {
      await { ...FOREIGN, ...INSIDE }[name]!();

      let error: unknown;
      const writes = await writesOf(cloud, async () => {
        error = await chain(name)
          .deploy()
          .catch((thrown: unknown) => thrown);
      });

      expect(error).toBeInstanceOf(OwnershipError);
      expect((error as Error).message).toContain(name);
      expect(writes).toEqual([]);
      await expect(chain(name).plan()).rejects.toMatchObject({ code: "not-owned" });
    },
  );

  test.each(Object.keys(FOREIGN))("of a %s is used with adopt, and kept by destroy", async (name) => {
    await FOREIGN[name]!();
    const before = comparable(cloud);

    await talkService(cloud).deploy({ adopt: true });
    expect((await talkService(cloud).status()).isHealthy).toBe(true);
    // Once taken over it is known: no run needs to be told again.
    expect((await talkService(cloud).plan()).toString()).toMatch(/^Plan: nothing to change/);

    const { kept } = await talkService(cloud).destroy();
    // Of a family's revisions ours go and theirs stay: there is nothing to keep from ourselves.
    const reasons = kept.map((one) => `${one.resource} ${one.name}: ${one.why}`);
    if (!name.startsWith("task-definition"))
      expect(reasons).toContain(`${name}: it existed before quayside adopted it`);
    expect(namesIn(cloud)).toEqual(expect.arrayContaining(namesOf(before)));
    expect(await writesOf(cloud, () => talkService(cloud).destroy())).toEqual([]);
  });
});

/** `kind/name` of everything that has a name. */
function namesOf(state: unknown): string[] {
  return Object.entries(state as Record<string, object>).flatMap(([kind, things]) =>
    Array.isArray(things) ? [] : Object.keys(things).map((name) => `${kind}/${name}`),
  );
}
const namesIn = (on: LocalCloud): string[] => namesOf(comparable(on));

describe("a destroy", () => {
  test("leaves what another deployment uses, and the last one takes all", async () => {
    const pristine = comparable(cloud);
    await talkService(cloud).deploy();
    await speakerService(cloud).deploy();

    const { deleted, kept } = await talkService(cloud).destroy();

    expect(deleted.map(({ resource }) => resource).sort()).toEqual([
      "listener-rule",
      "log-group",
      "service",
      "target-group",
      "task-definition",
    ]);
    expect(new Set(kept.map(({ why }) => why))).toEqual(
      new Set([
        "cluster conference-cluster is still used by service speaker-service",
        "load-balancer conferenceAlb is still used by deployment/speaker-service",
      ]),
    );
    expect((await speakerService(cloud).status()).isHealthy).toBe(true);
    expect((await speakerService(cloud).plan()).toString()).toMatch(/^Plan: nothing to change/);

    expect((await speakerService(cloud).destroy()).kept).toEqual([]);
    expect(comparable(cloud)).toEqual(pristine);
  });

  test.each([
    ["EC2", talkService],
    ["Fargate", talkOnFargate],
  ])("on %s may be repeated: there is nothing left to do", async (_, on) => {
    const pristine = comparable(cloud);
    await on(cloud).deploy();
    await on(cloud).destroy();

    const writes = await writesOf(cloud, async () => {
      expect(await on(cloud).destroy()).toEqual({ deleted: [], kept: [] });
    });

    expect(writes).toEqual([]);
    expect(comparable(cloud)).toEqual(pristine);
  });

  test("keeps a security group that a rule of somebody else's refers to, and nothing else", async () => {
    await talkOnFargate(cloud).deploy();
    const { ec2 } = cloud.ports;
    const groups = await ec2.describeSecurityGroups({
      Filters: [{ Name: "group-name", Values: ["talk-service-tasks", "their-group"] }],
    });
    const idOf = (name: string) => groups.SecurityGroups!.find((one) => one.GroupName === name)!.GroupId!;
    await ec2.authorizeSecurityGroupIngress({
      GroupId: idOf("their-group"),
      IpPermissions: [
        {
          IpProtocol: "tcp",
          FromPort: 5432,
          ToPort: 5432,
          UserIdGroupPairs: [{ GroupId: idOf("talk-service-tasks") }],
        },
      ],
    });

    const { kept } = await talkOnFargate(cloud).destroy();

    expect(kept).toEqual([
      {
        resource: "security-group",
        name: "talk-service-tasks",
        why: `it is still referenced by a rule of security group their-group (${idOf("their-group")})`,
      },
    ]);
    expect((await talkOnFargate(cloud).status()).exists).toBe(false);
  });

  test("keeps a cluster in which somebody else's service runs", async () => {
    await talkService(cloud).deploy();
    await theirTaskDefinition("theirs");
    await cloud.ports.ecs.createService({
      cluster: "conference-cluster",
      serviceName: "theirs",
      taskDefinition: "theirs",
      desiredCount: 1,
      launchType: "EC2",
    });
    await cloud.clock.sleep(10_000);

    const { kept, deleted } = await talkService(cloud).destroy();

    expect(deleted.map(({ name }) => name)).toContain("conferenceAlb");
    expect(kept).toContainEqual({
      resource: "cluster",
      name: "conference-cluster",
      why: "cluster conference-cluster is still used by service theirs",
    });
  });

  test("keeps the load balancer to which somebody else has added a rule", async () => {
    await talkService(cloud).deploy();
    const { LoadBalancers } = await cloud.ports.elb.describeLoadBalancers({ Names: ["conferenceAlb"] });
    const { Listeners } = await cloud.ports.elb.describeListeners({
      LoadBalancerArn: LoadBalancers![0]!.LoadBalancerArn!,
    });
    await cloud.ports.elb.createRule({
      ListenerArn: Listeners![0]!.ListenerArn!,
      Priority: 9,
      Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/theirs*"] } }],
      Actions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "200" } }],
    });

    const { kept } = await talkService(cloud).destroy();

    expect(kept).toContainEqual({
      resource: "load-balancer",
      name: "conferenceAlb",
      why: "load-balancer conferenceAlb is still used by a rule for /theirs* on conferenceAlb:80",
    });
    expect(Object.keys(cloud.state().loadBalancers)).toContain("conferenceAlb");
  });
});

describe("a cluster of somebody else's", () => {
  test("given by its bare name is used with the instances that it has, and left as it is", async () => {
    // Made by another owner's deployment, and then theirs alone: without quayside's tags.
    await talkService(cloud)
      .cluster(new Cluster("shared").ec2({ ...conferenceEc2, instanceRole: "sharedRole" }))
      .deploy();
    cloud.account.ecs.clusters.get("shared")!.tags.clear();
    const before = cloud.state().clusters;

    await speakerService(cloud).cluster("shared").deploy();

    expect((await speakerService(cloud).cluster("shared").status()).isHealthy).toBe(true);
    await speakerService(cloud).cluster("shared").destroy();
    expect(cloud.state().clusters).toEqual(before);
  });
});
