import type { AwsContext } from "../aws/context.js";
import type { Graph, Ref } from "../engine/graph.js";
import type { IamRoleState } from "../iam/iam-role.js";
import type { DeploymentSpec, TaskSpec } from "../spec/deployment-spec.js";
import { balancerRoleName, infrastructureRoleName } from "../spec/derived-names.js";
import { addRole } from "./iam-role-graph.js";

/**
 * Adds the role with which ECS creates, attaches and deletes the EBS volumes of tasks; `undefined` if the task has
 * none, or a role of the user's. Source: Amazon ECS Developer Guide, "Amazon ECS infrastructure IAM role".
 */
export async function addInfrastructureRole(
  graph: Graph<AwsContext>,
  spec: TaskSpec,
  owner: string,
  context: AwsContext,
): Promise<Ref<IamRoleState> | undefined> {
  const ebs = spec.volumes.flatMap((volume) => (volume.type === "ebs" ? [volume] : []));
  if (!ebs.some(({ role }) => role === undefined)) return undefined;
  const keys = [...new Set(ebs.flatMap(({ kmsKey }) => kmsKey ?? []))];
  return addRole(graph, spec, owner, context, {
    roleName: (region) => infrastructureRoleName(spec.name, region),
    service: "ecs.amazonaws.com",
    description: `Infrastructure role of ${spec.name}`,
    needs: {},
    policies: () => ({
      managed: [
        `arn:${context.partition}:iam::aws:policy/service-role/AmazonECSInfrastructureRolePolicyForVolumes`,
      ],
      inline: keys.length === 0 ? {} : { key: keyPolicy(keys) },
    }),
  });
}

/**
 * Adds the role with which ECS shifts the traffic of a Network Load Balancer's listeners; `undefined` if it does not.
 * Source: Amazon ECS Developer Guide, "Amazon ECS infrastructure IAM role for load balancers".
 */
export async function addBalancerRole(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  owner: string,
  context: AwsContext,
): Promise<Ref<IamRoleState> | undefined> {
  if (spec.service.ecsBlueGreen?.of !== "listeners") return undefined;
  return addRole(graph, spec, owner, context, {
    roleName: (region) => balancerRoleName(spec.name, region),
    service: "ecs.amazonaws.com",
    description: `Load balancer role of ${spec.name}`,
    needs: {},
    policies: () => ({
      managed: [`arn:${context.partition}:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers`],
    }),
  });
}

/** To encrypt volumes with keys of the user's. Source: Amazon ECS Developer Guide, "Encrypt data stored in Amazon EBS volumes". */
const keyPolicy = (keys: readonly string[]) => ({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: ["kms:DescribeKey"], Resource: keys },
    {
      Effect: "Allow",
      Action: ["kms:GenerateDataKey*", "kms:Decrypt", "kms:ReEncrypt*"],
      Resource: keys,
    },
    {
      Effect: "Allow",
      Action: ["kms:CreateGrant"],
      Resource: keys,
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ],
});
