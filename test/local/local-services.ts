import type { AwsApi } from "../../src/aws/api.js";
import type { Account } from "../../src/local/core/account.js";
import { callerArn } from "../../src/local/core/caller.js";
import type { RecordedCall } from "../../src/local/core/calls.js";
import { createClient, requestLatency } from "../../src/local/core/client.js";
import { VirtualClock } from "../../src/local/core/clock.js";
import { createAccount } from "../../src/local/core/create-account.js";
import { ActiveFaults } from "../../src/local/core/faults.js";
import { seededRandom } from "../../src/local/core/random.js";
import { createSimulatedRuntime } from "../../src/local/runtime/simulated-runtime.js";
import { createApplicationAutoScaling } from "../../src/local/services/application-auto-scaling/application-auto-scaling.js";
import { createAutoScaling } from "../../src/local/services/auto-scaling/auto-scaling.js";
import type { VpcOptions } from "../../src/local/services/ec2/default-network.js";
import { createEc2 } from "../../src/local/services/ec2/ec2.js";
import { createEcr } from "../../src/local/services/ecr/ecr.js";
import { createElb } from "../../src/local/services/elb/elb.js";
import { createIam } from "../../src/local/services/iam/iam.js";
import { createLogs } from "../../src/local/services/logs/logs.js";
import { createSsm } from "../../src/local/services/ssm.js";
import { createTagging } from "../../src/local/services/tagging/tagging.js";
import { createSimulatedTraffic } from "../../src/local/traffic/simulated-traffic.js";

export interface LocalServices extends Omit<AwsApi, "ecs"> {
  readonly account: Account;
  readonly clock: VirtualClock;
  readonly calls: RecordedCall[];
  readonly faults: ActiveFaults;
  readonly closing: AbortController;
}

/** The services without ECS, each separately, on a virtual clock. */
export function localServices(
  options: {
    seed?: number;
    region?: string;
    vpcs?: readonly VpcOptions[];
    eventualConsistency?: boolean;
  } = {},
): LocalServices {
  const clock = new VirtualClock();
  const account = createAccount({
    ...options,
    clock,
    runtime: () => createSimulatedRuntime({ clock }),
    traffic: createSimulatedTraffic,
  });
  const calls: RecordedCall[] = [];
  const random = seededRandom((options.seed ?? 1) + 1);
  const closing = new AbortController();
  const services = {
    ec2: createEc2(account),
    autoScaling: createAutoScaling(account),
    ecr: createEcr(account),
    elb: createElb(account),
    applicationAutoScaling: createApplicationAutoScaling(account),
    iam: createIam(account),
    ssm: createSsm(account),
    logs: createLogs(account),
    tagging: createTagging(account),
  };
  const faults = new ActiveFaults();
  faults.knows(services);
  const ports = createClient(services as AwsApi, {
    clock,
    random,
    faults,
    calls,
    latency: requestLatency(clock, random, false),
    closing: closing.signal,
    caller: callerArn(account),
  });
  return { ...ports, account, clock, calls, faults, closing };
}

/** The code of the error, or the outcome if there was none. */
export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    (value) => `no error: ${JSON.stringify(value)}`,
    (error: Error) => error.name,
  );
