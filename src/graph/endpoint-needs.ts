import type { AwsContext } from "../aws/context.js";
import { FARGATE_ENDPOINTS, INSTANCE_ENDPOINTS, SESSION_ENDPOINTS } from "../network/vpc-endpoints.js";
import type { ClusterSpec } from "../spec/cluster.js";
import type { TaskSpec } from "../spec/deployment-spec.js";
import type { ServiceSpec } from "../spec/service.js";
import { secretServices } from "./task-egress.js";

/** A task, and what its service lets users do in it. */
export type TaskInNetwork = TaskSpec & { readonly service?: Pick<ServiceSpec, "exec"> };

/**
 * The AWS services that a cluster and its tasks must reach. Source: Amazon ECS Developer Guide, "Amazon ECS interface
 * VPC endpoints".
 */
export function endpointNeeds(
  { capacity, execLogging }: ClusterSpec,
  tasks: readonly TaskInNetwork[],
  context: Pick<AwsContext, "region">,
): readonly string[] {
  const hasExec = tasks.some(({ service }) => service?.exec === true);
  const hasSessions = capacity.type === "ec2" && capacity.sessionManager;
  return [
    ...new Set([
      ...(capacity.type === "fargate" ? FARGATE_ENDPOINTS : INSTANCE_ENDPOINTS),
      ...(hasSessions ? SESSION_ENDPOINTS : []),
      ...(hasExec ? ["ssmmessages"] : []),
      ...(hasExec && execLogging?.kmsKey !== undefined ? ["kms"] : []),
      ...tasks.flatMap((task) => secretServices(task, context)),
    ]),
  ].sort();
}
