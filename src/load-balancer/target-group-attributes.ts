import type { TargetGroup, TargetGroupAttribute } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { HASH_TAG } from "../aws/tags.js";
import { hasChanges } from "../engine/diff.js";
import type { FieldChange, Tags } from "../engine/kind.js";
import type { TargetGroupDesired } from "./target-group-desired.js";

type Name =
  | "deregistrationDelay"
  | "stickiness"
  | "slowStart"
  | "algorithm"
  | "preserveClientIp"
  | "proxyProtocol"
  | "connectionTermination";

export type TargetGroupAttributes = Pick<TargetGroupDesired, Name>;

type Present = { readonly [K in Name]?: unknown };

interface Attribute<Value> {
  /** As ELB has it. */
  readonly write: (value: Value | undefined) => readonly TargetGroupAttribute[];
  readonly read: (values: ReadonlyMap<string | undefined, string | undefined>) => unknown;
}

const DELAY = "deregistration_delay.timeout_seconds";
const SLOW_START = "slow_start.duration_seconds";
const ALGORITHM = "load_balancing.algorithm.type";
const DEFAULT_ALGORITHM = "round_robin";

/** One that a Network Load Balancer's target group has, and that is described or not at all. */
const ofNetwork = (Key: string): Attribute<boolean> => ({
  write: (value) => (value === undefined ? [] : [{ Key, Value: String(value) }]),
  read: (values) => (values.has(Key) ? values.get(Key) === "true" : undefined),
});

/** The attributes of a target group. Source: ELB API reference, TargetGroupAttribute. */
const ATTRIBUTES: { readonly [K in Name]: Attribute<NonNullable<TargetGroupDesired[K]>> } = {
  deregistrationDelay: {
    write: (seconds) => [{ Key: DELAY, Value: String(seconds) }],
    read: (values) => Number(values.get(DELAY) ?? 300),
  },
  stickiness: {
    write: (seconds) =>
      seconds === undefined
        ? [{ Key: "stickiness.enabled", Value: "false" }]
        : [
            { Key: "stickiness.enabled", Value: "true" },
            { Key: "stickiness.type", Value: "lb_cookie" },
            { Key: "stickiness.lb_cookie.duration_seconds", Value: String(seconds) },
          ],
    read: (values) =>
      values.get("stickiness.enabled") === "true"
        ? Number(values.get("stickiness.lb_cookie.duration_seconds"))
        : undefined,
  },
  slowStart: {
    write: (seconds = 0) => [{ Key: SLOW_START, Value: String(seconds) }],
    read: (values) => Number(values.get(SLOW_START) ?? 0) || undefined,
  },
  algorithm: {
    write: (name = DEFAULT_ALGORITHM) => [{ Key: ALGORITHM, Value: name }],
    read: (values) => {
      const chosen = values.get(ALGORITHM) ?? DEFAULT_ALGORITHM;
      return chosen === DEFAULT_ALGORITHM ? undefined : chosen;
    },
  },
  preserveClientIp: ofNetwork("preserve_client_ip.enabled"),
  proxyProtocol: ofNetwork("proxy_protocol_v2.enabled"),
  connectionTermination: ofNetwork("deregistration_delay.connection_termination.enabled"),
};

const NAMES = Object.keys(ATTRIBUTES) as readonly Name[];

/** The part of a target group that is attributes. */
export const attributesIn = (desired: TargetGroupAttributes): TargetGroupAttributes =>
  Object.fromEntries(NAMES.map((name) => [name, desired[name]])) as unknown as TargetGroupAttributes;

/** What a new target group is given. */
export const newAttributes = (desired: TargetGroupAttributes): TargetGroupAttribute[] =>
  NAMES.filter((name) => desired[name] !== undefined).flatMap((name) => written(name, desired));

/** What a changed target group is given. */
export const changedAttributes = (
  desired: TargetGroupAttributes,
  changes: readonly FieldChange[],
): TargetGroupAttribute[] =>
  NAMES.filter((name) => hasChanges(changes, name)).flatMap((name) => written(name, desired));

const written = (name: Name, desired: TargetGroupAttributes): readonly TargetGroupAttribute[] =>
  (ATTRIBUTES[name] as Attribute<unknown>).write(desired[name]);

/**
 * The attributes of a target group. ELB returns one group's attributes per call, so that they are not read if
 * the hash tag says that they are as described. A new group has the tag before it has the attributes, and a load
 * balancer only after both: one without is read, because its creation may have been interrupted.
 */
export async function presentGroupAttributes(
  { TargetGroupArn: arn = "", LoadBalancerArns = [] }: TargetGroup,
  desired: TargetGroupDesired,
  tags: Tags,
  context: AwsContext,
): Promise<Present> {
  const hash = desired.tags[HASH_TAG];
  if (hash !== undefined && tags[HASH_TAG] === hash && LoadBalancerArns.length > 0)
    return attributesIn(desired);
  const answer = await ignoreNotFound(context.aws.elb.describeTargetGroupAttributes({ TargetGroupArn: arn }));
  const values = new Map((answer?.Attributes ?? []).map(({ Key, Value }) => [Key, Value]));
  return Object.fromEntries(NAMES.map((name) => [name, ATTRIBUTES[name].read(values)]));
}
