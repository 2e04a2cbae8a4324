import type { Service } from "@aws-sdk/client-ecs";

export interface ServiceState {
  readonly arn: string;
  readonly serviceName: string;
  readonly clusterName: string;
  /** ARN of the revision that it runs, or is rolling out. */
  readonly taskDefinition: string;
  /** Of the rollout to watch: the one that our call began, or one that was under way when we looked. */
  readonly deploymentId: string | undefined;
  /** When that rollout began, by the cloud's clock. */
  readonly startedAt: number | undefined;
  readonly targetGroupArns: readonly string[];
  /** How many tasks it is to have now. */
  readonly desiredCount: number | undefined;
  /** What our update has changed, as its answer says it. */
  readonly asked?: Partial<Service>;
}
