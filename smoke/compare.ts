import { errorStem } from "../src/aws/error-code.js";
import type { Recording } from "../src/aws/recording/recorder.js";
import { shapeOf, type Shape } from "./shape.js";

/** Where the recordings of AWS and those of the local cloud are not the same. */
export interface Difference {
  /** `ecs DescribeClusters` */
  readonly operation: string;
  readonly kind: "only on AWS" | "only on the local cloud" | "type" | "error" | "duration" | "operation";
  /** The member, the error's code, … */
  readonly what: string;
  readonly detail: string;
}

export interface CompareOptions {
  /** How many times longer one may take than the other. @defaultValue 5 */
  readonly factor?: number;
}

/** Differences that are shorter than that, in milliseconds, are the network's. */
const NOTICEABLE = 250;

/** Compares by operation: members, types, error codes and durations. Values are not compared. */
export function compare(
  aws: readonly Recording[],
  local: readonly Recording[],
  { factor = 5 }: CompareOptions = {},
): Difference[] {
  const [there, here] = [byOperation(aws), byOperation(local)];
  const operations = [...new Set([...there.keys(), ...here.keys()])].sort();
  return operations.flatMap((operation) => {
    const [one, other] = [there.get(operation), here.get(operation)];
    if (one === undefined || other === undefined) {
      const [place, calls] = one === undefined ? ["the local cloud", other!] : ["AWS", one];
      return [
        {
          operation,
          kind: "operation" as const,
          what: "called",
          detail: `only on ${place}, ${times(calls.length)}`,
        },
      ];
    }
    const answers = (recordings: readonly Recording[]) =>
      recordings.filter(({ error }) => error === undefined);
    return [
      ...shapeDifferences(
        operation,
        shapeOf(answers(one).map(({ answer }) => answer)),
        shapeOf(answers(other).map(({ answer }) => answer)),
      ),
      ...errorDifferences(operation, one, other),
      ...durationDifferences(operation, answers(one), answers(other), factor),
    ];
  });
}

function byOperation(recordings: readonly Recording[]): Map<string, Recording[]> {
  const found = new Map<string, Recording[]>();
  for (const recording of recordings) {
    const key = `${recording.service} ${recording.operation}`;
    const list = found.get(key);
    if (list === undefined) found.set(key, [recording]);
    else list.push(recording);
  }
  return found;
}

function shapeDifferences(operation: string, aws: Shape, local: Shape): Difference[] {
  const onlyIn = (one: Shape, other: Shape, kind: Difference["kind"]) =>
    [...one.members.values()]
      // What neither has a parent for says nothing.
      .filter(({ path, parent }) => !other.members.has(path) && (other.objects.get(parent) ?? 0) > 0)
      .map(({ path, parent, count }) => ({
        operation,
        kind,
        what: path,
        detail: `in ${count} of ${one.objects.get(parent)!}, ${[...one.members.get(path)!.types].join(" or ")}`,
      }));
  const types = [...aws.members.values()].flatMap(({ path, types }) => {
    const others = local.members.get(path)?.types;
    if (others === undefined || [...types].every((type) => others.has(type))) {
      if (others === undefined || [...others].every((type) => types.has(type))) return [];
    }
    const list = (all: ReadonlySet<string>) => [...all].sort().join(" or ");
    return [
      {
        operation,
        kind: "type" as const,
        what: path,
        detail: `${list(types)} on AWS, ${list(others)} on the local cloud`,
      },
    ];
  });
  return [...onlyIn(aws, local, "only on AWS"), ...onlyIn(local, aws, "only on the local cloud"), ...types];
}

function errorDifferences(
  operation: string,
  aws: readonly Recording[],
  local: readonly Recording[],
): Difference[] {
  const onlyIn = (one: readonly Recording[], other: readonly Recording[], place: string) => {
    const known = new Set(other.map(({ error }) => error && errorStem(error.name)));
    const names = new Set(one.flatMap(({ error }) => (error === undefined ? [] : [error.name])));
    return [...names]
      .filter((name) => !known.has(errorStem(name)))
      .map((name) => {
        const with_ = one.filter(({ error }) => error?.name === name);
        return {
          operation,
          kind: "error" as const,
          what: name,
          detail: `only on ${place}, ${times(with_.length)}: ${with_[0]!.error!.message}`,
        };
      });
  };
  return [...onlyIn(aws, local, "AWS"), ...onlyIn(local, aws, "the local cloud")];
}

function durationDifferences(
  operation: string,
  aws: readonly Recording[],
  local: readonly Recording[],
  factor: number,
): Difference[] {
  if (aws.length === 0 || local.length === 0) return [];
  const [there, here] = [median(aws), median(local)];
  const ratio = Math.max(there, here) / Math.max(1, Math.min(there, here));
  if (ratio <= factor || Math.abs(there - here) < NOTICEABLE) return [];
  return [
    {
      operation,
      kind: "duration",
      what: "median",
      detail: `${there} ms on AWS, ${here} ms on the local cloud`,
    },
  ];
}

function median(recordings: readonly Recording[]): number {
  const sorted = recordings.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

const times = (count: number): string => (count === 1 ? "once" : `${count} times`);
