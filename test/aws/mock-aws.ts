import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient } from "@aws-sdk/client-iam";
import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { ServiceDiscoveryClient } from "@aws-sdk/client-servicediscovery";
import { SSMClient } from "@aws-sdk/client-ssm";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeEach } from "vitest";
import { aws } from "../../src/aws/aws-cloud.js";
import type { AwsContext } from "../../src/aws/context.js";
import { createContext } from "../../src/aws/create-context.js";
import type { Overrides } from "../../src/aws/overrides.js";
import { diff, diffTags } from "../../src/engine/diff.js";
import type { QuaysideEvent } from "../../src/engine/events.js";
import type { FieldChange, Observed, Tagged } from "../../src/engine/kind.js";
import { VirtualClock } from "../../src/local/core/clock.js";

/** A request that the SDK would have sent: the operation and its input. */
type Request = readonly [operation: string, input: unknown];

interface ContextOptions {
  readonly overrides?: Overrides;
  /** Gets the run's events. */
  readonly events?: QuaysideEvent[];
  /** Whether the DNS name of a load balancer resolves. @defaultValue it does */
  readonly resolves?: (dnsName: string) => Promise<boolean>;
}

interface MockedContext {
  readonly context: AwsContext;
  readonly events: QuaysideEvent[];
  readonly controller: AbortController;
  readonly clock: VirtualClock;
}

/**
 * Replaces what the SDK's clients send, in this test file only. Before each test every client answers
 * everything with `{}`, and has sent nothing.
 */
export function mockAws() {
  const clients = {
    autoScaling: mockClient(AutoScalingClient),
    cloudWatch: mockClient(CloudWatchClient),
    ec2: mockClient(EC2Client),
    ecs: mockClient(ECSClient),
    elb: mockClient(ElasticLoadBalancingV2Client),
    iam: mockClient(IAMClient),
    logs: mockClient(CloudWatchLogsClient),
    scaling: mockClient(ApplicationAutoScalingClient),
    scheduler: mockClient(SchedulerClient),
    serviceDiscovery: mockClient(ServiceDiscoveryClient),
    ssm: mockClient(SSMClient),
    tagging: mockClient(ResourceGroupsTaggingAPIClient),
  };
  const all = Object.values(clients) as unknown as (typeof clients.ecs)[];

  const reset = (): void => {
    for (const client of all) {
      client.reset();
      client.onAnyCommand().resolves({});
    }
  };
  beforeEach(reset);
  // Other files of the same process need the clients as they are.
  afterAll(() => all.forEach((client) => client.restore()));

  /** All requests, client by client, each in order. */
  const requests = (): Request[] => all.flatMap((client) => sent(client));

  /** The requests that change something. */
  const writes = (): Request[] => requests().filter(([name]) => !/^(Describe|List|Get|Filter)/.test(name));

  /** A context for the requests of one run; what was answered and sent before is forgotten. */
  const awsContext = async (options?: ContextOptions): Promise<AwsContext> => {
    reset();
    return (await mockedContext(options)).context;
  };
  return { ...clients, requests, writes, awsContext };
}

/** A run on AWS itself, as far as the SDK's clients; time is virtual. */
export async function mockedContext({
  overrides = {},
  events = [],
  resolves = async () => true,
}: ContextOptions = {}): Promise<MockedContext> {
  const clock = new VirtualClock();
  const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
  const cloud = { ...aws({ region: "eu-west-1", credentials }), clock, random: () => 0.5, resolves };
  const controller = new AbortController();
  const context = await createContext(cloud, {
    signal: controller.signal,
    emit: (event) => events.push(event),
    overrides,
  });
  return { context, events, controller, clock };
}

/** What one client sent, in order. */
export function sent(client: { calls(): readonly { readonly args: readonly unknown[] }[] }): Request[] {
  return client.calls().map(({ args }) => {
    const [command] = args as [{ readonly input: unknown }];
    return [command.constructor.name.replace(/Command$/, ""), command.input];
  });
}

/** An error as an SDK client throws it. */
export function sdkError(code: string, message = code): Error {
  return Object.assign(new Error(message), {
    name: code,
    $fault: "client",
    $metadata: { httpStatusCode: 400 },
  });
}

/** The changes that the engine would pass to the kind. */
export function changesTo<Desired extends Tagged>(
  desired: Desired,
  observed: Observed<Desired, unknown>,
): FieldChange[] {
  return [...diff(desired, observed.current), ...diffTags(desired.tags, observed.tags)];
}

export const OWNER = "deployment/talk-service";
export const TAGS = { "quayside:owner": OWNER, "quayside:kind": "any" };
export const TAG_LIST = Object.entries(TAGS).map(([Key, Value]) => ({ Key, Value }));
export const ECS_TAGS = Object.entries(TAGS).map(([key, value]) => ({ key, value }));
