import type { IpcMode, NetworkMode } from "@aws-sdk/client-ecs";

export interface TaskFacts {
  readonly networkMode: NetworkMode | undefined;
  readonly forFargate: boolean;
  readonly executionRoleArn: string | undefined;
  /** The task's own memory, in MiB. */
  readonly memory: number | undefined;
  readonly ipcMode: IpcMode | undefined;
  /** The names of the task's volumes. */
  readonly volumes: readonly string[];
}
