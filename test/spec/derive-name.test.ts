import fc from "fast-check";
import { expect, test } from "vitest";
import { deriveName } from "../../src/spec/derive-name.js";
import {
  executionRoleName,
  instanceRoleName,
  keepOldRoleName,
  scheduleRoleName,
  taskRoleName,
} from "../../src/spec/derived-names.js";
import {
  DEPLOYMENT_NAME,
  LOAD_BALANCER_NAME,
  nameProblem,
  ROLE_NAME,
  SECURITY_GROUP_NAME,
  TARGET_GROUP_NAME,
} from "../../src/spec/names.js";

const deploymentName = fc.stringMatching(/^[A-Za-z0-9_-]{1,245}$/);

test.each([
  ["load balancer", LOAD_BALANCER_NAME, ""],
  ["target group", TARGET_GROUP_NAME, ""],
  ["target group on Fargate", TARGET_GROUP_NAME, "-ip"],
  ["security group", SECURITY_GROUP_NAME, "-instances"],
  ["role", ROLE_NAME, "-instance-role"],
])("the default name of a %s is one that AWS takes, whatever it is derived from", (_, rule, suffix) => {
  fc.assert(
    fc.property(deploymentName, (name) => {
      const fitted = deriveName(rule, name, suffix);
      expect(nameProblem(rule, fitted)).toBeUndefined();
      expect(fitted.endsWith(suffix)).toBe(true);
    }),
  );
});

test.each([instanceRoleName, executionRoleName, taskRoleName, scheduleRoleName, keepOldRoleName])(
  "the name of a role has the region, and fits IAM's 64 characters however long both are (%o)",
  (nameOf) => {
    // The longest name of a region is no longer than this one.
    const region = "ap-southeast-10";
    const names = [nameOf("prod", region), nameOf("p".repeat(245), region)];
    for (const name of names) {
      expect(nameProblem(ROLE_NAME, name)).toBeUndefined();
      expect(name.endsWith(`-${region}`)).toBe(true);
    }
    expect(names[1]).not.toBe(nameOf(`${"p".repeat(245)}q`, region));
    expect(nameOf("prod", region)).toBe(`${nameOf("prod")}-${region}`);
  },
);

test("a valid name is not changed", () => {
  expect(deriveName(TARGET_GROUP_NAME, "talk-service", "-ip")).toBe("talk-service-ip");
});

test("shortened names with the same beginning remain different", () => {
  const long = "a-service-with-a-very-long-name-indeed";
  expect([deriveName(TARGET_GROUP_NAME, `${long}-1`), deriveName(TARGET_GROUP_NAME, `${long}-2`)])
    .toMatchInlineSnapshot(`
    [
      "a-service-with-a-very-l-71452c49",
      "a-service-with-a-very-l-b5e338b4",
    ]
  `);
});

test("names that differ only in illegal characters remain different", () => {
  expect([deriveName(LOAD_BALANCER_NAME, "talk_service"), deriveName(LOAD_BALANCER_NAME, "talk-service")])
    .toMatchInlineSnapshot(`
    [
      "talk-service-7d85456e",
      "talk-service",
    ]
  `);
});

test("a derived name does not begin with a reserved prefix", () => {
  expect([
    deriveName(LOAD_BALANCER_NAME, "internal-tools"),
    deriveName(SECURITY_GROUP_NAME, "sg-cluster", "-instances"),
    deriveName(DEPLOYMENT_NAME, "..."),
  ]).toMatchInlineSnapshot(`
    [
      "q-internal-tools-8e8af900",
      "q-sg-cluster-4aca06ef-instances",
      "q-ab5df625",
    ]
  `);
});
