import { expect, test } from "vitest";
import { serviceInput } from "../../src/service/service-input.js";
import { taskLaunch } from "../../src/service/tasks/task-launch.js";
import type { PlacementSpec } from "../../src/spec/placement.js";
import { onFargate, talkService } from "./deployment-spec.js";

const known = { cluster: "conference-cluster", taskDefinition: "arn:td:1", targetGroupArn: "arn:tg" };
const service = talkService().service;

test("a service on instances is spread over the zones, registered in the target group, with a circuit breaker", () => {
  expect(serviceInput(talkService(), known)).toEqual({
    networkInterface: "none",
    cluster: "conference-cluster",
    serviceName: "talk-service-ecs",
    taskDefinition: "arn:td:1",
    desiredCount: 2,
    launchType: "EC2",
    placementStrategy: [
      { type: "spread", field: "attribute:ecs.availability-zone" },
      { type: "spread", field: "instanceId" },
    ],
    loadBalancers: [{ targetGroupArn: "arn:tg", containerName: "web", containerPort: 8080 }],
    deploymentConfiguration: {
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
    },
    healthCheckGracePeriodSeconds: 60,
    availabilityZoneRebalancing: "ENABLED",
    enableECSManagedTags: true,
    enableExecuteCommand: false,
    propagateTags: "SERVICE",
    rollout: "unbroken",
    tags: {},
  });
});

test("a service rebalances its zones only if tasks are spread over them first, without constraints on them", () => {
  const placed = (placement: PlacementSpec) => {
    const spec = talkService({ service: { ...service, placement } });
    return serviceInput(spec, known).availabilityZoneRebalancing;
  };
  const zone = "attribute:ecs.availability-zone";
  const memberOf = (expression: string) => ({ type: "memberOf" as const, expression });
  const zonesFirst = [{ type: "spread" as const, field: zone }];
  expect(placed({ strategy: [], constraints: [] })).toBe("ENABLED");
  expect(placed({ strategy: zonesFirst, constraints: [{ type: "distinctInstance" }] })).toBe("ENABLED");
  expect(placed({ strategy: zonesFirst, constraints: [memberOf(`${zone} == a`)] })).toBe("DISABLED");
  expect(placed({ strategy: [{ type: "binpack", field: "cpu" }, ...zonesFirst], constraints: [] })).toBe(
    "DISABLED",
  );
});

test("one-off tasks are placed as the service's, but may share an instance", () => {
  const strategy = [{ type: "binpack" as const, field: "memory" }];
  const memberOf = { type: "memberOf" as const, expression: "attribute:rack == a" };
  const constraints = [{ type: "distinctInstance" as const }, memberOf];
  expect(taskLaunch(talkService(), { network: undefined, placement: { strategy, constraints } })).toEqual({
    launchType: "EC2",
    placementStrategy: strategy,
    placementConstraints: [memberOf],
  });
});

test("a service without a load balancer has no grace period, which ECS would refuse", () => {
  const input = serviceInput(talkService(), { ...known, targetGroupArn: undefined });
  expect(input.loadBalancers).toEqual([]);
  expect(input).not.toHaveProperty("healthCheckGracePeriodSeconds");
});

test("a service without room for one more task does not rebalance zones, which ECS would refuse", () => {
  const spec = talkService({ service: { ...service, minHealthyPercent: 0, maxPercent: 100 } });
  expect(serviceInput(spec, known).availabilityZoneRebalancing).toBe("DISABLED");
});

test("a service on Fargate gives every task a public address in the given network", () => {
  const network = { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] };
  const input = serviceInput(talkService({ cluster: onFargate() }), { ...known, network });
  expect(input.launchType).toBe("FARGATE");
  expect(input).not.toHaveProperty("placementStrategy");
  expect(input.networkConfiguration).toEqual({
    awsvpcConfiguration: {
      subnets: ["subnet-1", "subnet-2"],
      securityGroups: ["sg-1"],
      assignPublicIp: "ENABLED",
    },
  });
});

test("Fargate Spot is a capacity provider, never beside a launch type", () => {
  const input = serviceInput(talkService({ cluster: onFargate(true) }), known);
  expect(input.capacityProviderStrategy).toEqual([{ capacityProvider: "FARGATE_SPOT", weight: 1 }]);
  expect(input).not.toHaveProperty("launchType");
});
