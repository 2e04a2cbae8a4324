import { ApplicationAutoScalingClient } from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { mockClient } from "aws-sdk-client-mock";
import { aws } from "../../src/aws/aws-cloud.js";
import type { AwsContext } from "../../src/aws/context.js";
import { createContext } from "../../src/aws/create-context.js";
import type { Overrides } from "../../src/aws/overrides.js";
import type { Clock } from "../../src/engine/clock.js";
import { diff, diffTags } from "../../src/engine/diff.js";
import type { QuaysideEvent } from "../../src/engine/events.js";
import type { FieldChange, Observed, Tagged } from "../../src/engine/kind.js";

export const ecs = mockClient(ECSClient);
export const elb = mockClient(ElasticLoadBalancingV2Client);
export const logs = mockClient(CloudWatchLogsClient);
export const scaling = mockClient(ApplicationAutoScalingClient);
export const tagging = mockClient(ResourceGroupsTaggingAPIClient);
const all = [ecs, elb, logs, scaling, tagging];

/** A context on mocked clients, whose time passes only by waiting. */
export async function awsContext({
  signal = new AbortController().signal,
  overrides = {},
  events = [],
}: {
  readonly signal?: AbortSignal;
  readonly overrides?: Overrides;
  readonly events?: QuaysideEvent[];
} = {}): Promise<AwsContext> {
  for (const client of all) {
    client.reset();
    (client as typeof ecs).onAnyCommand().resolves({});
  }
  let now = Date.UTC(2026, 0, 1);
  const clock: Clock = {
    now: () => now,
    sleep: async (ms, until) => {
      until?.throwIfAborted();
      now += ms;
    },
  };
  const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
  const cloud = { ...aws({ region: "eu-west-1", credentials }), clock, random: () => 0.5 };
  return createContext(cloud, { signal, overrides, emit: (event) => events.push(event) });
}

/** Names and inputs of every request that changes something, in order. */
export function writes(): (readonly [string, unknown])[] {
  return requests().filter(([name]) => !/^(Describe|List|Get|Filter)/.test(name));
}

export function requests(): (readonly [string, unknown])[] {
  return all
    .flatMap((client) => client.commandCalls(Object as never) as unknown as { args: [{ input: object }] }[])
    .map(({ args: [command] }) => [command.constructor.name.replace(/Command$/, ""), command.input] as const);
}

/** A sdkError, as an SDK client throws it. */
export function sdkError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name, $fault: "client", $metadata: { httpStatusCode: 400 } });
}

/** What the engine would tell the kind to change. */
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
