import { RegisterTaskDefinitionRequest$ } from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { Deployment } from "../../../src/index.js";
import { UNSUPPORTED } from "../../../src/spec/from-task-definition/unsupported.js";
import { checkTaskDefinition } from "../../../src/local/services/ecs/task-definitions/task-definition-validation.js";
import { SpecError } from "../../../src/index.js";
import { normal, registrationOf } from "./round-trip.js";
import { SAMPLES } from "./samples.js";

/** The paths of all members of ECS's model, lists without their indices; maps have keys of the user's. */
function membersOf(schema: unknown, path = ""): string[] {
  const resolved = resolve(schema);
  if (!Array.isArray(resolved)) return [path];
  const [kind, , , , first, second] = resolved as [number, unknown, unknown, unknown, unknown, unknown];
  if (kind === 1) return membersOf(first, path);
  // A structure, or a union of some.
  if (kind !== 3 && kind !== 4) return [path];
  return (first as string[]).flatMap((name, index) =>
    membersOf((second as unknown[])[index], path === "" ? name : `${path}.${name}`),
  );
}

function resolve(schema: unknown): unknown {
  if (typeof schema === "function") return resolve(schema());
  // A member with traits of its own.
  return Array.isArray(schema) && typeof schema[0] !== "number" ? resolve(schema[0]) : schema;
}

/** The paths that a task definition has. */
function pathsOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value))
    return value.length > 0 && value.every((item) => typeof item === "object")
      ? value.flatMap((item) => pathsOf(item, path))
      : [path];
  if (typeof value !== "object" || value === null) return [path];
  const inside = Object.entries(value).flatMap(([key, member]) =>
    pathsOf(member, path === "" ? key : `${path}.${key}`),
  );
  return [path, ...inside];
}

test.each(Object.entries(SAMPLES))(
  "the chain of a task definition registers the same one: %s",
  (_, sample) => {
    const registered = registrationOf(sample);
    expect(normal(registered)).toEqual(normal(sample));
    // And ECS accepts it.
    expect(() => checkTaskDefinition(registered)).not.toThrow();
  },
);

test("every member of ECS's model has a word in the chain, or a reason why it has none", () => {
  const members = membersOf(RegisterTaskDefinitionRequest$);
  expect(members.length).toBeGreaterThan(120);
  const covered = new Set(Object.values(SAMPLES).flatMap((sample) => pathsOf(sample)));
  const missing = members.filter(
    (path) =>
      !covered.has(path) &&
      !Object.keys(UNSUPPORTED).some((each) => path === each || path.startsWith(`${each}.`)),
  );
  expect(missing).toEqual([]);
});

test("what the chain cannot express is named by its path, with the reason", () => {
  const json = {
    family: "talk",
    taskRoleArn: "just-a-name",
    proxyConfiguration: { containerName: "envoy" },
    inferenceAccelerators: [{ deviceName: "a", deviceType: "eia2.medium" }],
    runtimePlatform: { operatingSystemFamily: "WINDOWS_SERVER_2022_CORE" },
    volumes: [{ name: "share", fsxWindowsFileServerVolumeConfiguration: { fileSystemId: "fs-1" } }],
    containerDefinitions: [
      {
        name: "web",
        image: "nginx",
        enviroment: [],
        portMapings: [{ containerPort: 80 }],
        environment: [
          { name: "A", value: "1" },
          { name: "A", value: "2" },
        ],
        resourceRequirements: [{ type: "InferenceAccelerator", value: "a" }],
        firelensConfiguration: { type: "fluentbit", options: { unknown: "1" } },
      },
    ],
  };
  const error = (() => {
    try {
      Deployment.fromTaskDefinition(json);
    } catch (thrown) {
      return thrown as SpecError;
    }
  })();
  expect(error).toBeInstanceOf(SpecError);
  expect(error!.issues.map(({ path, message }) => `${path}: ${message}`)).toMatchInlineSnapshot(`
    [
      "containerDefinitions.0.environment.1.name: must be unique: the chain has one "A"",
      "containerDefinitions.0.firelensConfiguration.options.unknown: is not a member that quayside knows",
      "containerDefinitions.0.resourceRequirements.0.type: must be GPU: AWS ended Elastic Inference in April 2024",
      "containerDefinitions.0.portMapings: is not a member that quayside knows; did you mean portMappings?",
      "runtimePlatform.operatingSystemFamily: must be LINUX: quayside runs Linux containers; got "WINDOWS_SERVER_2022_CORE"",
      "volumes.0.fsxWindowsFileServerVolumeConfiguration: has no word in the chain: it is for Windows containers, and quayside runs Linux containers",
      "taskRoleArn: must be the ARN of the role, arn:aws:iam::{account}:role/just-a-name: the chain takes no names",
      "proxyConfiguration: has no word in the chain: AWS ended App Mesh, whose proxy it configures, on 30 September 2026; use Service Connect",
      "inferenceAccelerators: has no word in the chain: AWS ended Elastic Inference in April 2024",
    ]
  `);
});

test("the main container is the first essential one with a port, or the one that is named", () => {
  const json = (names: readonly string[]) => ({
    family: "talk",
    containerDefinitions: names.map((name) => ({
      name,
      image: `example.com/${name}:1`,
      memory: 64,
      ...(name.startsWith("web") && { portMappings: [{ containerPort: 80 }] }),
    })),
  });
  const main = (chain: { cluster(name: string): { toJSON(): { container: { name: string } } } }) =>
    chain.cluster("c").toJSON().container.name;
  expect(main(Deployment.fromTaskDefinition(json(["agent", "web"])))).toBe("web");
  expect(main(Deployment.fromTaskDefinition(JSON.stringify(json(["agent", "other"]))))).toBe("agent");
  expect(main(Deployment.fromTaskDefinition(json(["web", "agent"]), { container: "agent", name: "x" }))).toBe(
    "agent",
  );
  expect(() => Deployment.fromTaskDefinition(json(["web"]), { container: "none" })).toThrow(
    "must be a container",
  );
  expect(() => Deployment.fromTaskDefinition("{")).toThrow("must be JSON");
});
