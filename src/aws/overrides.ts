import type { EcrPort } from "./ecr-port.js";
import type {
  AutoScalingPort,
  Ec2Port,
  EcsPort,
  ElbPort,
  IamPort,
  LogsPort,
  SchedulerPort,
} from "./ports.js";

type WriteOf<Port> = {
  readonly [
    K in keyof Port as K extends
      | `describe${string}`
      | `list${string}`
      | `get${string}`
      | `batchGet${string}`
      | `filter${string}`
      | `tagResource`
      | `untagResource`
      ? never
      : K
  ]?: Port[K] extends (input: infer Input, ...rest: never[]) => unknown ? (input: Input) => Input : never;
};

/** The last word on requests that change something, by operation: gets quayside's input, returns what is sent. */
export type Overrides = WriteOf<EcsPort> &
  WriteOf<Ec2Port> &
  WriteOf<EcrPort> &
  WriteOf<ElbPort> &
  WriteOf<AutoScalingPort> &
  WriteOf<IamPort> &
  WriteOf<LogsPort> &
  WriteOf<SchedulerPort>;
