import type { ServiceName } from "../../aws/api.js";
import type { Clock } from "../../engine/clock.js";
import { isWrite } from "./calls.js";
import { ServiceError } from "./service-error.js";

interface Rate {
  readonly burst: number;
  /** Tokens added per second. */
  readonly refill: number;
}

/** The buckets that a request takes a token from: name -> rate. */
type Buckets = Readonly<Record<string, Rate>>;

const rate = (burst: number, refill: number): Rate => ({ burst, refill });

/** Buckets that several operations share. Source: "Request throttling" of ECS and of Elastic Load Balancing. */
const shared: readonly (readonly [ServiceName, RegExp, Buckets])[] = [
  ["ecs", /^(createCluster|deleteCluster|putClusterCapacityProviders)$/, { "cluster modify": rate(20, 1) }],
  ["ecs", /^(describeClusters|listClusters)$/, { "cluster read": rate(50, 20) }],
  ["ecs", /^(registerTaskDefinition|deregisterTaskDefinition)$/, { "task definition modify": rate(20, 1) }],
  ["ecs", /^deleteTaskDefinitions$/, { "task definition delete": rate(5, 1) }],
  ["ecs", /^(describeTaskDefinition|listTaskDefinitions)$/, { "task definition read": rate(50, 20) }],
  ["ecs", /^(tagResource|untagResource)$/, { "tags modify": rate(20, 10) }],
  [
    "ecs",
    /^(stopTask|runTask|executeCommand|deregisterContainerInstance|registerContainerInstance)$/,
    { "resource modify": rate(100, 40) },
  ],
  ["ecs", /^(describeTasks|listTasks|\w+ContainerInstances)$/, { "resource read": rate(100, 20) }],
  ["ecs", /^(createService|updateService|deleteService)$/, { "service modify": rate(50, 5) }],
  ["ecs", /^(describeServices|listServices)$/, { "service read": rate(100, 20) }],
  ["ecs", /Service(Deployments?|Revisions)$/, { "service deployments": rate(50, 20) }],
  [
    "elb",
    /^(createLoadBalancer|setSubnets)$/,
    { "resource-intensive": rate(10, 0.2), account: rate(40, 10) },
  ],
  ["elb", /^(registerTargets|deregisterTargets)$/, { targets: rate(20, 4), account: rate(40, 10) }],
  ["elb", /^describe/, { describe: rate(200, 50), account: rate(40, 10) }],
  ["elb", /./, { mutating: rate(20, 3), account: rate(40, 10) }],
  ["logs", /^(createLogGroup|deleteLogGroup|describeLogGroups)$/, { groups: rate(10, 10) }],
  ["logs", /^(putRetentionPolicy|deleteRetentionPolicy)$/, { retention: rate(5, 5) }],
  ["logs", /^tagResource$/, { tags: rate(5, 5) }],
  ["ssm", /^getParameter$/, { getParameter: rate(40, 40) }],
];

/** EC2 throttles every operation separately. */
function ec2Rate(operation: string, input: unknown): Rate {
  if (operation === "createTags") return rate(100, 10);
  if (operation === "createLaunchTemplateVersion") return rate(100, 5);
  if (isWrite(operation)) return rate(50, 5);
  const limited =
    typeof input === "object" && input !== null && Object.values(input).some((value) => value !== undefined);
  const heavy = /^describe(Instances|NetworkInterfaces|SecurityGroups)$/.test(operation);
  return heavy && !limited ? rate(50, 10) : rate(100, 20);
}

/** The account's request limits that AWS publishes; requests without a published limit are not throttled. */
export class Throttle {
  readonly #clock: Clock;
  readonly #left = new Map<string, { tokens: number; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Rejects the request if one of its buckets is empty. */
  take(service: ServiceName, operation: string, input: unknown): void {
    const buckets = bucketsOf(service, operation, input);
    const states = Object.entries(buckets).map(([name, limit]) =>
      this.#refilled(`${service} ${name}`, limit),
    );
    if (states.some((state) => state.tokens < 1)) throw throttled(service);
    for (const state of states) state.tokens--;
  }

  #refilled(name: string, { burst, refill }: Rate): { tokens: number; at: number } {
    const now = this.#clock.now();
    const state = this.#left.get(name) ?? { tokens: burst, at: now };
    state.tokens = Math.min(burst, state.tokens + ((now - state.at) / 1000) * refill);
    state.at = now;
    this.#left.set(name, state);
    return state;
  }
}

/** The throttling error, with the code that the service uses. */
export function throttled(service: ServiceName): ServiceError {
  if (service === "ec2") return new ServiceError("RequestLimitExceeded", "Request limit exceeded.", 503);
  if (service === "tagging") return new ServiceError("ThrottledException", "Rate exceeded", 400);
  const queryProtocol = service === "iam" || service === "autoScaling" || service === "elb";
  return new ServiceError(queryProtocol ? "Throttling" : "ThrottlingException", "Rate exceeded", 400);
}

function bucketsOf(service: ServiceName, operation: string, input: unknown): Buckets {
  if (service === "ec2") return { [operation]: ec2Rate(operation, input) };
  return shared.find(([of, operations]) => of === service && operations.test(operation))?.[2] ?? {};
}
