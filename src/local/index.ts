export type { RecordedCall } from "./core/calls.js";
export type { Fault, FaultEffect, FaultMatch, Faults, InjectedFault } from "./core/faults.js";
export { localAccount, type LocalAccount, type LocalAccountOptions } from "./local-account.js";
export { localCloud, type LocalCloud, type LocalCloudOptions, type MetricName } from "./local-cloud.js";
export type { ImageBehavior } from "./runtime/image-behavior.js";
export type { ProcessToRun } from "./runtime/process-runtime.js";
export type { Load } from "./services/cloudwatch/state.js";
export type { VpcOptions } from "./services/ec2/default-network.js";
export type { CloudState } from "./snapshot/snapshot.js";
