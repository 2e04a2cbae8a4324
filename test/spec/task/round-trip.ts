import type { RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import { Cluster, Deployment } from "../../../src/index.js";
import { taskDefinitionInput } from "../../../src/service/task-definition/task-definition-input.js";
import type { LocalCloud } from "../../../src/local/index.js";
import { taskDefinitionNormalForm } from "../../../src/service/task-definition/task-definition-normal-form.js";

export const REGION = "eu-west-1";
export type Registration = RegisterTaskDefinitionCommandInput;

/** The chain of a task definition, with a cluster that it can run on. */
export function chainOf(json: Registration) {
  const cluster = json.requiresCompatibilities?.includes("FARGATE")
    ? new Cluster("cluster").fargate()
    : new Cluster("cluster").ec2(hostOf(json));
  const chain = Deployment.fromTaskDefinition(json).cluster(cluster);
  const atLaunch = json.volumes?.find(({ configuredAtLaunch }) => configuredAtLaunch);
  // The task definition does not have the size of an EBS volume.
  return atLaunch === undefined ? chain : chain.volume(atLaunch.name!, { ebs: { size: 20 } });
}

/** True unless the task needs more GPUs than the largest instance of its architecture has: two for arm64. */
export const hasHost = ({ containerDefinitions = [], runtimePlatform }: Registration): boolean =>
  runtimePlatform?.cpuArchitecture !== "ARM64" ||
  containerDefinitions.filter(({ resourceRequirements = [] }) => resourceRequirements.length > 0).length <= 2;

/** Hosts of the task's architecture, with a GPU for each container. */
function hostOf({
  containerDefinitions = [],
  runtimePlatform,
}: Registration): NonNullable<Parameters<Cluster["ec2"]>[0]> {
  const isArm = runtimePlatform?.cpuArchitecture === "ARM64";
  const hasGpus = containerDefinitions.some(
    ({ resourceRequirements = [] }) => resourceRequirements.length > 0,
  );
  if (!hasGpus) return { instanceType: isArm ? "t4g.medium" : "t3.medium" };
  // For arm64 with GPUs, AWS has Bottlerocket only.
  return isArm ? { instanceType: "g5g.16xlarge", os: "bottlerocket" } : { instanceType: "g4dn.12xlarge" };
}

/** Makes the roles that a task definition names, as an account has them. */
export async function createRoles(cloud: LocalCloud, json: Registration): Promise<void> {
  const allow = (statement: object) =>
    JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", ...statement } });
  for (const arn of new Set([json.executionRoleArn, json.taskRoleArn])) {
    if (arn === undefined) continue;
    const RoleName = arn.slice(arn.lastIndexOf("/") + 1);
    await cloud.ports.iam.createRole({
      RoleName,
      AssumeRolePolicyDocument: allow({
        Principal: { Service: "ecs-tasks.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
    });
    await cloud.ports.iam.putRolePolicy({
      RoleName,
      PolicyName: "everything",
      PolicyDocument: allow({ Action: "*", Resource: "*" }),
    });
  }
  await cloud.clock.sleep(60_000);
}

/** What the chain of a task definition registers. */
export function registrationOf(json: Registration): Registration {
  const spec = chainOf(json).toJSON();
  return taskDefinitionInput(spec, {
    region: REGION,
    executionRoleArn: spec.task.executionRole,
    taskRoleArn: spec.taskRole?.from === "arn" ? spec.taskRole.arn : undefined,
  });
}

export const normal = (definition: Registration): unknown =>
  taskDefinitionNormalForm({ ...definition, tags: undefined });
