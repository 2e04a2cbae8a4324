import fc from "fast-check";
import { expect, test } from "vitest";
import { SpecError } from "../../../src/index.js";
import { localCloud } from "../../../src/local/index.js";
import { checkTaskDefinition } from "../../../src/local/services/ecs/task-definitions/task-definition-validation.js";
import { taskDefinitionNormalForm } from "../../../src/service/task-definition/task-definition-normal-form.js";
import { definitions } from "./definitions.js";
import { pathsOf, wordedMembers } from "./model-members.js";
import { chainOf, createRoles, hasHost, normal, registrationOf, type Registration } from "./round-trip.js";

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

/** Deploys the chain of a task definition, whose roles exist, and compares what ECS has then. */
async function expectDeployed(json: Registration): Promise<void> {
  const cloud = localCloud({ clock: "virtual" });
  try {
    await createRoles(cloud, json);
    const deployed = chainOf(json).service({ desired: 1 }).on(cloud);
    const { taskDefinition: arn } = await deployed.deploy();
    const { taskDefinition } = await cloud.ports.ecs.describeTaskDefinition({ taskDefinition: arn });
    const { taskRoleArn, ...registered } = taskDefinitionNormalForm(taskDefinition!);
    // Volumes and routers need a role: without one of the user's it is quayside's.
    if (json.taskRoleArn === undefined) expect(taskRoleArn ?? "role/quayside/").toContain("role/quayside/");
    else expect(taskRoleArn).toBe(json.taskRoleArn);
    expect(registered).toEqual(normal({ ...json, taskRoleArn: undefined }));
    expect((await deployed.plan()).isEmpty).toBe(true);
  } finally {
    await cloud.close();
  }
}

test("the chain of a task definition is deployed, registers the same one, and has nothing to do afterwards", async () => {
  await fc.assert(
    fc.asyncProperty(definitions, async (json) => {
      fc.pre(isAccepted(json) && hasHost(json));
      await expectDeployed(json);
    }),
    { numRuns: 8, endOnFailure: true },
  );
});

const onHosts: Registration = {
  family: "render",
  networkMode: "bridge",
  executionRoleArn: "arn:aws:iam::123456789012:role/ecsTaskExecutionRole",
  taskRoleArn: "arn:aws:iam::123456789012:role/renderer",
  placementConstraints: [{ type: "memberOf", expression: "attribute:ecs.instance-type =~ g.*" }],
  containerDefinitions: [
    {
      name: "web",
      image: "registry.example.com/render:1",
      memory: 512,
      resourceRequirements: [{ type: "GPU", value: "2" }],
    },
  ],
};

test.each(["ARM64", "X86_64"] as const)(
  "a task definition with roles, GPUs, constraints and %s is deployed, registers the same one, and has nothing to do afterwards",
  (cpuArchitecture) =>
    expectDeployed({ ...onHosts, runtimePlatform: { cpuArchitecture, operatingSystemFamily: "LINUX" } }),
);
