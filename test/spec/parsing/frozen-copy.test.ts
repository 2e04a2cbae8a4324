import { describe, expect, test } from "vitest";
import { frozenCopy } from "../../../src/spec/parsing/frozen-copy.js";
import { issuesOf, talk } from "../issues-of.js";

describe("options that contain themselves", () => {
  const itself: Record<string, unknown> = {};
  itself["A"] = itself;
  const list: unknown[] = [];
  list.push(list);

  test.each([
    ["container", [{ environment: itself }], "container.environment.A"],
    ["tags", [itself], "tags.A"],
    ["service", [{ desired: list }], "service.desired"],
    ["autoscale", [{ min: 1, max: 2, steps: list }], "autoscale.steps.0"],
    ["override", [itself], "override.A"],
  ] as const)("are as wrong in .%s() as anything else", (method, options, path) => {
    expect(issuesOf(talk[method]!(...options)).join("\n")).toContain(`${path}: `);
  });
});

test("an object that occurs twice in the options is copied twice", () => {
  const shared = { a: 1 };
  expect(frozenCopy({ one: shared, other: [shared, shared] })).toEqual({
    one: shared,
    other: [shared, shared],
  });
});
