import type { Service } from "@aws-sdk/client-ecs";
import type { ServiceDesired } from "./service-desired.js";

export interface ServiceState {
  readonly arn: string;
  readonly serviceName: string;
  readonly clusterName: string;
  /** ARN of the revision that it runs, or is rolling out. */
  readonly taskDefinition: string;
  /** The deployment to watch: the one that quayside's call began, or one that was already in progress. */
  readonly deploymentId: string | undefined;
  /** The time at which that rollout began, by the cloud's clock. */
  readonly startedAt: number | undefined;
  readonly targetGroupArns: readonly string[];
  /** The current desired count. */
  readonly desiredCount: number | undefined;
  /** What the service becomes once it has left its old target groups, if that is more than leaving them. */
  readonly afterMove?: Pick<ServiceDesired, "loadBalancers" | "deploymentConfiguration"> | undefined;
  /** The fields that the update changed, as its answer returned them. */
  readonly changedFields?: Partial<Service>;
}
