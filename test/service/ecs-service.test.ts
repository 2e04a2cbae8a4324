import { DescribeScalableTargetsCommand } from "@aws-sdk/client-application-auto-scaling";
import {
  CreateServiceCommand,
  DescribeServicesCommand,
  UpdateServiceCommand,
  type CreateServiceCommandInput,
  type Service,
} from "@aws-sdk/client-ecs";
import { GetResourcesCommand } from "@aws-sdk/client-resource-groups-tagging-api";
import { describe, expect, test } from "vitest";
import type { Overrides } from "../../src/aws/overrides.js";
import type { AwsContext } from "../../src/aws/context.js";
import { serviceKind, type ServiceDesired } from "../../src/service/ecs-service.js";
import { serviceInput } from "../../src/service/service-input.js";
import { sdkError, changesTo, ECS_TAGS, mockAws, OWNER, TAGS } from "../aws/mock-aws.js";
import { onFargate, talkService } from "./deployment-spec.js";

const { awsContext, ecs, scaling, tagging, writes } = mockAws();

const PREFIX = "arn:aws:ecs:eu-west-1:123456789012";
const ARN = `${PREFIX}:service/conference-cluster/talk-service-ecs`;
const known = {
  cluster: "conference-cluster",
  taskDefinition: `${PREFIX}:task-definition/talk-service:1`,
  targetGroupArn: "arn:tg",
};
const desired: ServiceDesired = { ...serviceInput(talkService(), known), tags: TAGS };

/** What AWS answers once it is created, its defaults filled in. */
const running: Service = {
  serviceArn: ARN,
  serviceName: "talk-service-ecs",
  clusterArn: `${PREFIX}:cluster/conference-cluster`,
  status: "ACTIVE",
  desiredCount: 2,
  runningCount: 2,
  launchType: "EC2",
  schedulingStrategy: "REPLICA",
  deploymentController: { type: "ECS" },
  taskDefinition: known.taskDefinition,
  loadBalancers: [{ targetGroupArn: "arn:tg", containerName: "web", containerPort: 8080 }],
  deploymentConfiguration: {
    ...desired.deploymentConfiguration,
    strategy: "ROLLING",
    bakeTimeInMinutes: 0,
    alarms: { alarmNames: [], rollback: false, enable: false },
  },
  placementStrategy: [
    { type: "spread", field: "attribute:ecs.availability-zone" },
    { type: "spread", field: "instanceId" },
  ],
  healthCheckGracePeriodSeconds: 60,
  availabilityZoneRebalancing: "ENABLED",
  enableECSManagedTags: true,
  propagateTags: "SERVICE",
  deployments: [
    { id: "ecs-svc/1", status: "PRIMARY", rolloutState: "COMPLETED", taskDefinition: known.taskDefinition },
  ],
  tags: ECS_TAGS,
};
const isThere = (changes: Partial<Service> = {}): unknown =>
  ecs.on(DescribeServicesCommand).resolves({ services: [{ ...running, ...changes }] });
const isMissing = (): unknown =>
  ecs.on(DescribeServicesCommand).resolves({ failures: [{ reason: "MISSING" }] });

async function changes(wanted: ServiceDesired, found: Partial<Service> = {}, overrides: Overrides = {}) {
  const context = await awsContext({ overrides });
  isThere(found);
  return changesTo(wanted, (await serviceKind.read(wanted, context))!);
}

async function update(wanted: ServiceDesired, found: Partial<Service> = {}, overrides: Overrides = {}) {
  const context = await awsContext({ overrides });
  isThere(found);
  ecs.on(UpdateServiceCommand).resolves({ service: running });
  const observed = (await serviceKind.read(wanted, context))!;
  await serviceKind.update!(wanted, observed, changesTo(wanted, observed), context);
  return writes();
}

describe("creating a service", () => {
  test("sends what is described, and a token", async () => {
    const context = await awsContext();
    isMissing();
    ecs.on(CreateServiceCommand).resolves({ service: running });
    const state = await serviceKind.create!(desired, context);
    const { tags: _, rollout: __, networkInterface: ___, ...described } = desired;
    expect(writes()).toEqual([
      [
        "CreateService",
        { ...described, tags: ECS_TAGS, clientToken: expect.stringMatching(/^[!-~]{1,36}$/) },
      ],
    ]);
    expect(state).toMatchObject({ arn: ARN, clusterName: "conference-cluster", deploymentId: "ecs-svc/1" });
  });

  const token = async (
    wanted: ServiceDesired,
    predecessor?: Partial<Service>,
  ): Promise<string | undefined> => {
    const context = await awsContext();
    if (predecessor === undefined) isMissing();
    else isThere(predecessor);
    await serviceKind.create!(wanted, context);
    return (writes()[0]![1] as CreateServiceCommandInput).clientToken;
  };

  test("the token is the same for the same wish, another for another, another after a deletion", async () => {
    const first = await token(desired);
    expect(await token({ ...desired })).toBe(first);
    expect(await token({ ...desired, desiredCount: 3 })).not.toBe(first);
    expect(await token(desired, { status: "INACTIVE", createdAt: new Date(1) })).not.toBe(first);
  });

  test("two tasks are started if no count is described", async () => {
    const context = await awsContext();
    isMissing();
    await serviceKind.create!({ ...desired, desiredCount: undefined }, context);
    expect(writes()[0]![1]).toMatchObject({ desiredCount: 2 });
  });

  test("waits until the earlier service of that name has drained", async () => {
    const context = await awsContext();
    ecs
      .on(DescribeServicesCommand)
      .resolvesOnce({ services: [{ ...running, status: "DRAINING" }] })
      .resolvesOnce({ services: [{ ...running, status: "DRAINING" }] })
      .resolves({ services: [{ ...running, status: "INACTIVE" }] });
    await serviceKind.create!(desired, context);
    expect(ecs.commandCalls(DescribeServicesCommand)).toHaveLength(3);
    expect(writes()).toHaveLength(1);
  });

  test("one that another run has created and deleted since the plan is created anew, with another token", async () => {
    const context: AwsContext = { ...(await awsContext()), asPlanned: () => context };
    const deleted = { ...running, status: "INACTIVE", createdAt: new Date(1) };
    ecs
      .on(DescribeServicesCommand)
      .resolvesOnce({ services: [] })
      .resolves({ services: [deleted] });
    ecs.on(CreateServiceCommand).resolvesOnce({ service: deleted }).resolves({ service: running });
    const state = await serviceKind.create!(desired, context);
    expect(state).toMatchObject({ arn: ARN, deploymentId: "ecs-svc/1" });
    const tokens = writes().map(([, input]) => (input as CreateServiceCommandInput).clientToken);
    expect(tokens).toHaveLength(2);
    expect(tokens[1]).not.toBe(tokens[0]);
  });

  test("where the plan found none, it is not looked for once more", async () => {
    const context: AwsContext = { ...(await awsContext()), asPlanned: () => context };
    isMissing();
    ecs.on(CreateServiceCommand).resolves({ service: running });
    await serviceKind.create!(desired, context);
    expect(ecs.commandCalls(DescribeServicesCommand)).toHaveLength(1);
  });

  test("a service of that name with other parameters is one that already exists", async () => {
    const context = await awsContext();
    isMissing();
    ecs
      .on(CreateServiceCommand)
      .rejects(sdkError("InvalidParameterException", "Creation of service was not idempotent."));
    const error = await serviceKind.create!(desired, context).catch((reason: unknown) => reason);
    expect(serviceKind.alreadyExists!(error)).toBe(true);
  });
});

describe("reading a service", () => {
  test.each(["INACTIVE", "DRAINING"])("finds no service that is %s", async (status) => {
    const context = await awsContext();
    isThere({ status });
    expect(await serviceKind.read(desired, context)).toBeUndefined();
  });

  test("finds no service without its cluster", async () => {
    const context = await awsContext();
    ecs.on(DescribeServicesCommand).rejects(sdkError("ClusterNotFoundException"));
    expect(await serviceKind.read(desired, context)).toBeUndefined();
  });

  test("defaults that AWS filled in are no difference", async () =>
    expect(await changes(desired)).toEqual([]));

  test("the spelling of placement and task definition is no difference", async () => {
    const placementStrategy = [
      { type: "spread" as const, field: "ATTRIBUTE:ECS.AVAILABILITY-ZONE" },
      { type: "spread" as const, field: "host" },
    ];
    expect(await changes(desired, { placementStrategy, taskDefinition: "talk-service:1" })).toEqual([]);
  });

  test("the order of a Fargate service's network, and the zeros of its strategy, are no difference", async () => {
    const network = { subnetIds: ["subnet-2", "subnet-1"], securityGroupIds: ["sg-1"] };
    const wanted = {
      ...serviceInput(talkService({ cluster: onFargate(true) }), { ...known, network }),
      tags: TAGS,
    };
    const { launchType: _, placementStrategy: __, ...fargate } = running;
    const found: Service = {
      ...fargate,
      capacityProviderStrategy: [{ capacityProvider: "FARGATE_SPOT", weight: 1, base: 0 }],
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: ["subnet-1", "subnet-2"],
          securityGroups: ["sg-1"],
          assignPublicIp: "ENABLED",
        },
      },
    };
    const context = await awsContext();
    ecs.on(DescribeServicesCommand).resolves({ services: [found] });
    expect(changesTo(wanted, (await serviceKind.read(wanted, context))!)).toEqual([]);
  });

  test("a count that is not described is no difference", async () => {
    expect(await changes({ ...desired, desiredCount: undefined }, { desiredCount: 5 })).toEqual([]);
    expect(scaling.commandCalls(DescribeScalableTargetsCommand)).toHaveLength(0);
  });

  test("another count is a difference, unless autoscaling owns it", async () => {
    expect(await changes(desired, { desiredCount: 5 })).toEqual([
      { path: "desiredCount", before: 5, after: 2 },
    ]);

    const context = await awsContext();
    isThere({ desiredCount: 5 });
    scaling
      .on(DescribeScalableTargetsCommand, { ResourceIds: ["service/conference-cluster/talk-service-ecs"] })
      .resolves({ ScalableTargets: [{} as never] });
    expect(changesTo(desired, (await serviceKind.read(desired, context))!)).toEqual([]);
  });

  test("a rollout that another run left is watched on, one that is complete is not", async () => {
    const context = await awsContext();
    const createdAt = new Date(5);
    isThere({
      deployments: [{ id: "ecs-svc/2", status: "PRIMARY", rolloutState: "IN_PROGRESS", createdAt }],
    });
    expect((await serviceKind.read(desired, context))!.state).toMatchObject({
      deploymentId: "ecs-svc/2",
      startedAt: 5,
    });
    isThere();
    expect((await serviceKind.read(desired, context))!.state).toMatchObject({ deploymentId: undefined });
  });
});

describe("updating a service", () => {
  const where = { cluster: "conference-cluster", service: "talk-service-ecs" };

  test("sends the new task definition and nothing else, and watches the rollout that this began", async () => {
    const context = await awsContext();
    isThere();
    const taskDefinition = `${PREFIX}:task-definition/talk-service:2`;
    const deployments = [
      { id: "ecs-svc/1", status: "ACTIVE" },
      { id: "ecs-svc/2", status: "PRIMARY", rolloutState: "IN_PROGRESS" as const },
    ];
    ecs.on(UpdateServiceCommand).resolves({ service: { ...running, taskDefinition, deployments } });
    const wanted = { ...desired, taskDefinition };
    const observed = (await serviceKind.read(wanted, context))!;
    const state = await serviceKind.update!(wanted, observed, changesTo(wanted, observed), context);
    expect(writes()).toEqual([["UpdateService", { ...where, taskDefinition }]]);
    expect(state).toMatchObject({
      taskDefinition,
      deploymentId: "ecs-svc/2",
      startedAt: context.clock.now(),
    });
  });

  test("sends the whole of a structure of which a part differs", async () => {
    const deploymentConfiguration = { ...desired.deploymentConfiguration, minimumHealthyPercent: 50 };
    expect(await update({ ...desired, deploymentConfiguration })).toEqual([
      [
        "UpdateService",
        { ...where, deploymentConfiguration: { ...deploymentConfiguration, strategy: "ROLLING" } },
      ],
    ]);
  });

  test("sends fields that the endpoint does not report when they changed", async () => {
    const context = await awsContext();
    isThere();
    ecs.on(UpdateServiceCommand).resolves({ service: running });
    const observed = (await serviceKind.read(desired, context))!;
    const change = { path: "healthCheckGracePeriodSeconds", before: "(not reported)", after: 60 };
    await serviceKind.update!(desired, observed, [change], context);
    expect(writes()).toEqual([["UpdateService", { ...where, healthCheckGracePeriodSeconds: 60 }]]);
  });

  test("another way of getting capacity replaces the tasks", async () => {
    const capacityProviderStrategy = [{ capacityProvider: "FARGATE_SPOT", weight: 2 }];
    const wanted = { ...desired, capacityProviderStrategy };
    const found = { capacityProviderStrategy: [{ capacityProvider: "FARGATE", weight: 2 }] };
    expect(await update(wanted, found)).toEqual([
      ["UpdateService", { ...where, capacityProviderStrategy, forceNewDeployment: true }],
    ]);
  });

  test("a stuck rollout is begun anew", async () => {
    const deployments = [{ id: "ecs-svc/1", status: "PRIMARY", rolloutState: "FAILED" as const }];
    expect(await update(desired, { deployments })).toEqual([
      ["UpdateService", { ...where, forceNewDeployment: true }],
    ]);
  });

  test("a tag is no update", async () => {
    expect(await update({ ...desired, tags: { ...TAGS, stage: "test" } })).toEqual([
      ["TagResource", { resourceArn: ARN, tags: [{ key: "stage", value: "test" }] }],
    ]);
  });

  test("updates keep what the user's override of the creation set", async () => {
    const overrides: Overrides = {
      createService: (request) => ({
        ...request,
        healthCheckGracePeriodSeconds: 300,
        enableExecuteCommand: true,
      }),
    };
    const found = { healthCheckGracePeriodSeconds: 300, enableExecuteCommand: true };
    expect(await changes(desired, found, overrides)).toEqual([]);
    expect(await update(desired, {}, overrides)).toEqual([
      ["UpdateService", { ...where, healthCheckGracePeriodSeconds: 300 }],
    ]);
  });
});

test("owned services are found in batches of ten, draining ones too, inactive ones not", async () => {
  const context = await awsContext();
  const names = Array.from({ length: 12 }, (_, index) => `s${index}`);
  tagging.on(GetResourcesCommand).resolves({
    ResourceTagMappingList: names.map((name) => ({ ResourceARN: `${PREFIX}:service/c/${name}`, Tags: [] })),
  });
  ecs.on(DescribeServicesCommand).callsFake(({ services }: { services: string[] }) => ({
    services: services.map((name) => ({
      ...running,
      serviceName: name,
      status: { s0: "INACTIVE", s1: "DRAINING" }[name] ?? "ACTIVE",
    })),
  }));
  const found = await serviceKind.findOwned!(OWNER, context);
  expect(found.map(({ name }) => name)).toEqual(names.slice(1));
  expect(ecs.commandCalls(DescribeServicesCommand)).toHaveLength(2);
});
