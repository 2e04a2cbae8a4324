import { expect, test } from "vitest";
import { jsonReporter, terminalReporter } from "../../src/index.js";

test.each<[string, () => unknown, string]>([
  [
    "an unknown option",
    () => terminalReporter({ colour: true } as never),
    "options.colour: unknown option; did you mean color?",
  ],
  ["another type", () => terminalReporter({ color: "yes" } as never), "options.color: must be true or false"],
  [
    "no stream",
    () => jsonReporter({ stream: "stdout" } as never),
    "options.stream: must be a writable stream",
  ],
  [
    "an event, because it was not called",
    () => terminalReporter({ type: "warning", at: 0, message: "" } as never),
    "onEvent: must be terminalReporter(), not terminalReporter: call it",
  ],
])("a reporter refuses %s", (_, make, issue) => {
  expect(make).toThrow(issue);
});
