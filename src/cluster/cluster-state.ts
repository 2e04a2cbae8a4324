export interface EcsClusterState {
  readonly arn: string;
  readonly clusterName: string;
}
