import fc from "fast-check";
import { expect, test } from "vitest";
import { SpecError } from "../../../src/index.js";
import { localCloud } from "../../../src/local/index.js";
import { checkTaskDefinition } from "../../../src/local/services/ecs/task-definitions/task-definition-validation.js";
import { taskDefinitionNormalForm } from "../../../src/service/task-definition/task-definition-normal-form.js";
import { definitions } from "./definitions.js";
import { pathsOf, wordedMembers } from "./model-members.js";
import { chainOf, normal, registrationOf, type Registration } from "./round-trip.js";

/** True if ECS takes it: some combinations of random fields it refuses. */
function isAccepted(json: Registration): boolean {
  try {
    checkTaskDefinition(json);
    return true;
  } catch {
    return false;
  }
}

test("the chain of any task definition that ECS takes registers the same one", () => {
  let accepted = 0;
  const generated = new Set<string>();
  fc.assert(
    fc.property(definitions, (json) => {
      if (!isAccepted(json)) return;
      accepted++;
      for (const path of pathsOf(json)) generated.add(path);
      const registered = registrationOf(json);
      expect(normal(registered)).toEqual(normal(json));
      expect(() => checkTaskDefinition(registered)).not.toThrow();
    }),
    { numRuns: 400 },
  );
  expect(accepted).toBeGreaterThan(200);
  // Every field that has a word.
  expect(wordedMembers().filter((path) => !generated.has(path))).toEqual([]);
});

test("what ECS refuses is a SpecError, or is refused by ECS in the chain's words, too", () => {
  fc.assert(
    fc.property(definitions, (json) => {
      if (isAccepted(json)) return;
      try {
        expect(isAccepted(registrationOf(json))).toBe(false);
      } catch (error) {
        if (!(error instanceof SpecError)) throw error;
      }
    }),
    { numRuns: 200 },
  );
});

test("the chain of a task definition is deployed, registers the same one, and has nothing to do afterwards", async () => {
  await fc.assert(
    fc.asyncProperty(definitions, async (json) => {
      fc.pre(isAccepted(json));
      const cloud = localCloud({ clock: "virtual" });
      try {
        const sent: Registration = {
          ...json,
          // The chain's own roles, and hosts as the account has them.
          executionRoleArn: undefined,
          taskRoleArn: undefined,
          runtimePlatform: undefined,
          placementConstraints: undefined,
          containerDefinitions: json.containerDefinitions?.map(
            ({ resourceRequirements: _, ...rest }) => rest,
          ),
        };
        const deployed = chainOf(sent).service({ desired: 1 }).on(cloud);
        const { taskDefinition: arn } = await deployed.deploy();
        const { taskDefinition } = await cloud.ports.ecs.describeTaskDefinition({ taskDefinition: arn });
        const {
          executionRoleArn: _,
          taskRoleArn: __,
          ...registered
        } = taskDefinitionNormalForm(taskDefinition!);
        expect(registered).toEqual(normal(sent));
        expect((await deployed.plan()).isEmpty).toBe(true);
      } finally {
        await cloud.close();
      }
    }),
    { numRuns: 6, endOnFailure: true },
  );
});
