import { expect, test } from "vitest";
import { issuesOf, refusals, talk, wronglyRefused, type Untyped } from "./issues-of.js";

const image = "registry.example.com/db-proxy:2";
const proxy = (options: unknown, chain: Untyped = talk) => chain["sidecar"]!("db-proxy", options);

test("a dependency exists, can be met, and is not circular", () => {
  const healthy = { image, healthCheck: "true" };
  const waiting = (dependsOn: unknown, options: object = healthy) =>
    proxy(options)["container"]!({ dependsOn });
  const around = proxy({ image, dependsOn: { agent: "START" } })["sidecar"]!("agent", {
    image,
    dependsOn: { "talk-service": "START" },
  })["container"]!({ dependsOn: { "db-proxy": "START" } });
  expect([
    ...refusals(
      [
        "db-proxy",
        { "db-proxy": "healthy" },
        { proxy: "START" },
        { "db-proxy": "SUCCESS" },
        { "talk-service": "START" },
      ],
      (dependsOn) => waiting(dependsOn),
    ),
    ...issuesOf(waiting({ "db-proxy": "HEALTHY" }, { image })),
    ...issuesOf(around),
  ]).toMatchInlineSnapshot(`
    [
      "container.dependsOn: must be an object of container names and conditions, such as { "db-proxy": "HEALTHY" }; got "db-proxy"",
      "container.dependsOn.db-proxy: must be "START", "HEALTHY", "COMPLETE" or "SUCCESS"; got "healthy"",
      "container.dependsOn.proxy: the task has no container of this name; its containers are: talk-service, db-proxy",
      "container.dependsOn.db-proxy: requires { essential: false } on db-proxy: a task stops when an essential container exits",
      "container.dependsOn.talk-service: is circular: a container cannot depend on itself",
      "container.dependsOn.db-proxy: requires a healthCheck on db-proxy, which decides whether it is HEALTHY",
      "container.dependsOn.db-proxy: is circular: db-proxy depends on talk-service",
      "sidecar.db-proxy.dependsOn.agent: is circular: agent depends on db-proxy",
      "sidecar.agent.dependsOn.talk-service: is circular: talk-service depends on agent",
    ]
  `);
  const good = [
    waiting({ "db-proxy": "HEALTHY" }),
    waiting({ "db-proxy": "SUCCESS" }, { image, essential: false }),
    proxy({ image, dependsOn: { "talk-service": "START" } }),
  ];
  expect(wronglyRefused(good, (chain) => chain)).toEqual([]);
});
