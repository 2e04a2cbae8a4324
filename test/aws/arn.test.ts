import { expect, test } from "vitest";
import {
  clusterName,
  lastSegment,
  listenerArn,
  loadBalancerFullName,
  loadBalancerName,
  parseArn,
  roleName,
  scaledName,
  scalingPolicyName,
  secretArn,
  serviceNames,
  siblingArn,
  targetGroupFullName,
  targetGroupName,
  taskDefinitionFamily,
  taskDefinitionId,
  taskDefinitionRevision,
  taskId,
  withoutWildcard,
} from "../../src/aws/arn.js";

const ECS = "arn:aws:ecs:eu-west-1:123456789012";
const ELB = "arn:aws:elasticloadbalancing:eu-west-1:123456789012";

test("an ARN's parts; its resource may hold colons", () => {
  expect(parseArn("arn:aws-cn:logs:cn-north-1:123456789012:log-group:talk-service:*")).toEqual({
    partition: "aws-cn",
    service: "logs",
    region: "cn-north-1",
    account: "123456789012",
    resource: "log-group:talk-service:*",
  });
  expect(parseArn("")).toEqual({ partition: "", service: "", region: "", account: "", resource: "" });
});

test("another resource of the same account", () => {
  expect(siblingArn(`${ECS}:service/c/s`, "task-definition/t:1")).toBe(`${ECS}:task-definition/t:1`);
});

test("ECS: tasks, clusters, services and task definitions", () => {
  expect(taskId(`${ECS}:task/c/1f0c3a9e`)).toBe("1f0c3a9e");
  expect(taskId(undefined)).toBe("");
  expect(clusterName(`${ECS}:cluster/c`)).toBe("c");
  expect(serviceNames(`${ECS}:service/c/s`)).toEqual({ cluster: "c", service: "s" });
  expect(taskDefinitionId(`${ECS}:task-definition/talk-service:12`)).toBe("talk-service:12");
  expect(taskDefinitionFamily(`${ECS}:task-definition/talk-service:12`)).toBe("talk-service");
  expect(taskDefinitionFamily("talk-service:12")).toBe("talk-service");
  expect(taskDefinitionRevision(`${ECS}:task-definition/talk-service:12`)).toBe(12);
});

test("ELB: load balancers, their listeners and rules, and target groups", () => {
  const balancer = `${ELB}:loadbalancer/app/conferenceAlb/50dc6c495c0c9188`;
  const listener = `${ELB}:listener/app/conferenceAlb/50dc6c495c0c9188/f2f7dc8efc522ab2`;
  const rule = `${ELB}:listener-rule/app/conferenceAlb/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee`;
  expect([balancer, listener, rule].map(loadBalancerName)).toEqual(Array(3).fill("conferenceAlb"));
  expect(loadBalancerFullName(balancer)).toBe("app/conferenceAlb/50dc6c495c0c9188");
  expect(listenerArn(rule)).toBe(listener);
  const group = `${ELB}:targetgroup/talkServiceTargetGroup/73e2d6bc24d8a067`;
  expect(targetGroupName(group)).toBe("talkServiceTargetGroup");
  expect(targetGroupFullName(group)).toBe("targetgroup/talkServiceTargetGroup/73e2d6bc24d8a067");
});

test("scaling policies: of a service, and of an Auto Scaling group", () => {
  const policy = "arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:c322";
  const ofService = `${policy}:resource/ecs/service/c/s:policyName/quayside-cpu`;
  const ofGroup = `${policy}:autoScalingGroupName/c-instances:policyName/quayside-add`;
  expect([ofService, ofGroup].map(scalingPolicyName)).toEqual(["quayside-cpu", "quayside-add"]);
  expect([ofService, ofGroup].map(scaledName)).toEqual(["s", "c-instances"]);
});

test("roles with a path, values in secrets, log groups with a wildcard", () => {
  expect(roleName("arn:aws:iam::123456789012:role/quayside/cluster/c/ecsInstanceRole")).toBe(
    "ecsInstanceRole",
  );
  const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf";
  expect(secretArn(`${secret}:password::`)).toBe(secret);
  expect(secretArn(secret)).toBe(secret);
  expect(withoutWildcard("arn:aws:logs:eu-west-1:1:log-group:talk:*")).toBe(
    "arn:aws:logs:eu-west-1:1:log-group:talk",
  );
  expect(lastSegment("name")).toBe("name");
});
