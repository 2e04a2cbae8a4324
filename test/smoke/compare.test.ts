import { describe, expect, test } from "vitest";
import { compare } from "../../smoke/compare.js";
import type { Recording } from "../../src/aws/recording/recorder.js";

const recording = (answer: unknown, more: Partial<Recording> = {}): Recording => ({
  service: "ecs",
  operation: "DescribeClusters",
  startedAt: "2026-01-01T00:00:00.000Z",
  milliseconds: 100,
  read: true,
  request: {},
  answer,
  ...more,
});
const refusal = (name: string): Recording => {
  const { answer: _, ...rest } = recording(undefined);
  return { ...rest, error: { name, message: "refused" } };
};

const local = [
  recording({ clusters: [{ name: "a", count: 1, at: "2026-01-01T00:00:00.000Z" }], failures: [] }),
];
const summary = (aws: readonly Recording[], here: readonly Recording[] = local) =>
  compare(aws, here).map(({ kind, what, detail }) => `${kind}: ${what}: ${detail}`);

describe("the comparison of recordings finds", () => {
  test("nothing where only values differ", () => {
    expect(
      summary([
        recording({ clusters: [{ name: "b", count: 2, at: "2025-01-01T00:00:00.000Z" }], failures: [] }),
      ]),
    ).toEqual([]);
  });

  test("a member that only AWS has, with how often, and not what is in it again", () => {
    const aws = recording({
      clusters: [{ name: "a", count: 1, at: "2026-01-01T00:00:00.000Z", more: { x: 1 } }],
      failures: [],
    });
    expect(summary([aws, local[0]!])).toEqual(["only on AWS: clusters[].more: in 1 of 2, object"]);
  });

  test("a member that only the local cloud has", () => {
    expect(
      summary([recording({ clusters: [{ name: "a", count: 1, at: "2026-01-01T00:00:00.000Z" }] })]),
    ).toEqual(["only on the local cloud: failures: in 1 of 1, list"]);
  });

  test("another type, a time among them", () => {
    expect(
      summary([recording({ clusters: [{ name: "a", count: "1", at: "today" }], failures: [] })]),
    ).toEqual([
      "type: clusters[].count: string on AWS, number on the local cloud",
      "type: clusters[].at: string on AWS, time on the local cloud",
    ]);
  });

  test("an error code that one of them never answers", () => {
    expect(
      summary([...local, refusal("ThrottlingException")], [...local, refusal("ClientException")]),
    ).toEqual([
      "error: ThrottlingException: only on AWS, once: refused",
      "error: ClientException: only on the local cloud, once: refused",
    ]);
  });

  test("a duration beyond the factor, and none that is as short as the network's", () => {
    const { answer } = local[0]!;
    expect(summary([recording(answer, { milliseconds: 2000 })])).toEqual([
      "duration: median: 2000 ms on AWS, 100 ms on the local cloud",
    ]);
    expect(summary([recording(answer, { milliseconds: 10 })])).toEqual([]);
  });

  test("an operation that only one of them was asked", () => {
    const other = recording({}, { operation: "ListClusters" });
    expect(summary([...local, other])).toEqual(["operation: called: only on AWS, once"]);
  });

  test("nothing in maps whose keys are the user's", () => {
    const answer = (key: string) => recording({ logConfiguration: { options: { [key]: "x" } } });
    expect(summary([answer("a")], [answer("b")])).toEqual([]);
  });
});
