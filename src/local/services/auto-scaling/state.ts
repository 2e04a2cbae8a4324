export interface AutoScalingState {
  /** By name. */
  readonly groups: Map<string, AutoScalingGroup>;
}

export interface AutoScalingGroup {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  min: number;
  max: number;
  desired: number;
  launchTemplate: { id: string; name: string; version: string };
  subnetIds: string[];
  readonly instances: Map<string, { readonly id: string; lifecycle: string; protected: boolean; readonly zone: string }>;
  readonly tags: Map<string, { value: string; propagate: boolean }>;
  readonly activities: ScalingActivity[];
  deleting: boolean;
}

export interface ScalingActivity {
  readonly id: string;
  readonly startedAt: Date;
  endedAt: Date | undefined;
  readonly description: string;
  readonly cause: string;
  status: "InProgress" | "Successful" | "Failed";
  statusMessage: string | undefined;
}
