import type { RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import { Cluster, Deployment } from "../../../src/index.js";
import { taskDefinitionInput } from "../../../src/service/task-definition/task-definition-input.js";
import { taskDefinitionNormalForm } from "../../../src/service/task-definition/task-definition-normal-form.js";

export const REGION = "eu-west-1";
export type Registration = RegisterTaskDefinitionCommandInput;

/** The chain of a task definition, with a cluster that it can run on. */
export function chainOf(json: Registration) {
  const cluster = json.requiresCompatibilities?.includes("FARGATE")
    ? new Cluster("cluster").fargate()
    : new Cluster("cluster").ec2();
  const chain = Deployment.fromTaskDefinition(json).cluster(cluster);
  const atLaunch = json.volumes?.find(({ configuredAtLaunch }) => configuredAtLaunch);
  // The task definition does not have the size of an EBS volume.
  return atLaunch === undefined ? chain : chain.volume(atLaunch.name!, { ebs: { size: 20 } });
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
