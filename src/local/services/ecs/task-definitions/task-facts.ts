import type { NetworkMode } from "@aws-sdk/client-ecs";

export interface TaskFacts {
  readonly networkMode: NetworkMode | undefined;
  readonly forFargate: boolean;
  readonly executionRoleArn: string | undefined;
  /** The task's own memory, in MiB. */
  readonly memory: number | undefined;
}
