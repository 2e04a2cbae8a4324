/** What runs the tasks of a cluster. */
export type CapacityType = "ec2" | "fargate" | "managed-instances";
