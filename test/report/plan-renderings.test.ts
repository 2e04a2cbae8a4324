import { describe, expect, test } from "vitest";
import type { Change } from "../../src/engine/plan.js";
import { planToJson } from "../../src/report/plan-json.js";
import { planToMermaid } from "../../src/report/plan-mermaid.js";
import { planToText } from "../../src/report/plan-text.js";

const change = (
  action: Change["action"],
  resource: string,
  name: string,
  reason = "",
  fields: Change["fields"] = [],
): Change => ({ action, resource, name, reason, fields });

const changes: Change[] = [
  change("none", "vpc", "default"),
  change("create", "target-group", "talkServiceTargetGroup", "it does not exist yet", [
    { path: "name", before: undefined, after: "talkServiceTargetGroup" },
    { path: "vpcId", before: undefined, after: "(known after apply)" },
    { path: "protocol", before: undefined, after: "HTTP" },
    { path: "port", before: undefined, after: 80 },
    { path: "healthCheck", before: undefined, after: { path: "/health" } },
  ]),
  change("update", "service", "talk-service-ecs", "taskDefinition is known only after apply", [
    { path: "taskDefinition", before: "talk-service:1", after: "(known after apply)" },
    { path: "desired", before: 2, after: undefined },
    { path: "tags.quayside:spec-hash", before: "a", after: "b" },
  ]),
  change("update", "log-group", "talk-service-cloudwatch", "tags.quayside:spec-hash differs", [
    { path: "tags.quayside:spec-hash", before: "a", after: "b" },
  ]),
  change("replace", "load-balancer", "conferenceAlb", "scheme cannot be changed in place", [
    { path: "scheme", before: "internal", after: "internet-facing" },
  ]),
  change("delete", "listener-rule", "talk-service /old*", "it is no longer described"),
];

describe("a plan as text", () => {
  test("has a line for each change, followed by the fields that differ", () => {
    expect(planToText(changes, ["The rule /talk* hides /talk/admin*."])).toMatchInlineSnapshot(`
      "Plan: 1 to create, 2 to update, 1 to replace, 1 to delete, 1 unchanged

        Load balancer
          ± load-balancer  conferenceAlb  scheme cannot be changed in place
              scheme: "internal" → "internet-facing"

        Service
          + target-group   talkServiceTargetGroup   protocol HTTP, port 80
          ~ service        talk-service-ecs
              taskDefinition is known only after apply
              taskDefinition: "talk-service:1" → (known after apply)
              desired: 2 → (not set)
          ~ log-group      talk-service-cloudwatch
              tags.quayside:spec-hash: "a" → "b"
          - listener-rule  talk-service /old*       it is no longer described

        ! The rule /talk* hides /talk/admin*."
    `);
  });

  test("states that there is nothing to change", () => {
    expect(planToText([change("none", "vpc", "default")])).toMatchInlineSnapshot(
      `"Plan: nothing to change, 1 unchanged"`,
    );
    expect(planToText([])).toMatchInlineSnapshot(`"Plan: nothing to do"`);
  });

  test("stays one line for each change, however long and many the values are", () => {
    const text = planToText([
      change(
        "create",
        "launch-template",
        "conference-cluster",
        "",
        [
          ["userData", "#!/bin/bash\necho"] as const,
          ...Array.from({ length: 20 }, (_, i) => [`field${i}`, i] as const),
        ].map(([path, after]) => ({ path, before: undefined, after })),
      ),
      change("update", "task-definition", "web", "environment differs", [
        { path: "environment", before: "x".repeat(200), after: ["y".repeat(200)] },
      ]),
    ]);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(112);
    expect(text).not.toContain("#!/bin/bash");
  });
});

test("a plan as JSON has the counts, and survives serialization", () => {
  const json = planToJson(changes, ["careful"]);
  expect(json.summary).toEqual({ create: 1, update: 2, replace: 1, delete: 1, none: 1 });
  expect(json.isEmpty).toBe(false);
  expect(planToJson([change("none", "vpc", "default")]).isEmpty).toBe(true);
  expect(JSON.parse(JSON.stringify(json)).changes[1].fields[3]).toEqual({ path: "port", after: 80 });
});

test("a plan as Mermaid draws the dependencies, colored by action", () => {
  const few = [changes[0]!, changes[1]!, change("delete", "listener-rule", 'path "/a" & <b>')];
  const edges = [
    ["target-group/talkServiceTargetGroup", "vpc/default"],
    ["target-group/talkServiceTargetGroup", "not/there"],
  ] as const;
  expect(planToMermaid(few, edges)).toMatchInlineSnapshot(`
    "flowchart LR
      n0["vpc<br/>default"]:::none
      n1["target-group<br/>talkServiceTargetGroup"]:::create
      n2["listener-rule<br/>path &quot;/a&quot; &amp; &lt;b&gt;"]:::delete
      n1 --> n0
      classDef create fill:#d3f9d8,stroke:#2b8a3e,color:#000
      classDef update fill:#fff3bf,stroke:#e67700,color:#000
      classDef replace fill:#ffe8cc,stroke:#d9480f,color:#000
      classDef delete fill:#ffe3e3,stroke:#c92a2a,color:#000
      classDef none fill:#f1f3f5,stroke:#868e96,color:#000"
  `);
});
