import { describe, expect, test } from "vitest";
import { Deployment, SpecError, type FromTaskDefinitionOptions } from "../../../src/index.js";
import { checkTaskDefinition } from "../../../src/local/services/ecs/task-definitions/task-definition-validation.js";
import { pathsOf, wordedMembers } from "./model-members.js";
import { normal, REGION, registrationOf } from "./round-trip.js";
import { SAMPLES } from "./samples.js";

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
  expect(wordedMembers().length).toBeGreaterThan(110);
  const covered = new Set(Object.values(SAMPLES).flatMap((sample) => pathsOf(sample)));
  expect(wordedMembers().filter((path) => !covered.has(path))).toEqual([]);
});

function issuesOf(json: object | string, options: FromTaskDefinitionOptions = {}): string[] {
  try {
    Deployment.fromTaskDefinition(json, options);
  } catch (error) {
    expect(error).toBeInstanceOf(SpecError);
    return (error as SpecError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
  return expect.fail("it was not refused");
}

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
  expect(issuesOf(json)).toMatchInlineSnapshot(`
    [
      "containerDefinitions.0.environment.1.name: must be unique: the chain has one "A"",
      "containerDefinitions.0.firelensConfiguration.options.unknown: is not a member that quayside knows",
      "containerDefinitions.0.resourceRequirements.0.type: must be GPU: AWS ended Elastic Inference in April 2024",
      "containerDefinitions.0.portMapings: is not a member that quayside knows; did you mean portMappings?",
      "runtimePlatform.operatingSystemFamily: must be LINUX: quayside runs Linux containers; got "WINDOWS_SERVER_2022_CORE"",
      "volumes.0.fsxWindowsFileServerVolumeConfiguration: has no word in the chain: it is for Windows containers, and quayside runs Linux containers",
      "taskRoleArn: must be the ARN of an IAM role, arn:aws:iam::{account}:role/just-a-name: permissions() needs its account and path, which a name does not have; got \"just-a-name\"",
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

describe("a template of a task definition", () => {
  const template = (containers: readonly object[]) => ({ family: "talk", containerDefinitions: containers });
  const web = { name: "web", memory: 64 };
  const imagesOf = (images: Readonly<Record<string, string>>, ...containers: readonly object[]) => {
    const spec = Deployment.fromTaskDefinition(template(containers), { images }).cluster("c").toJSON();
    return [spec.image, ...spec.sidecars.map(({ image }) => image)].map(({ reference, credentials }) => [
      reference,
      credentials,
    ]);
  };
  const credentialsParameter = `arn:aws:secretsmanager:${REGION}:123456789012:secret:registry-AbCdEf`;

  test("takes the images that are given, in place of its placeholders, its own or none", () => {
    const given = { web: "example.com/talk:1", db: "example.com/db:2", "side-car": "nginx:1.29" };
    expect(
      imagesOf(
        given,
        { ...web, image: "<IMAGE1_NAME>" },
        { name: "db", memory: 64, image: "db" },
        { name: "side-car", memory: 64 },
      ),
    ).toEqual([
      ["example.com/talk:1", undefined],
      ["example.com/db:2", undefined],
      ["nginx:1.29", undefined],
    ]);
  });

  test("keeps the registry's credentials for a reference, and needs none for a directory", () => {
    const container = { ...web, image: "old", repositoryCredentials: { credentialsParameter } };
    expect(imagesOf({ web: "example.com/talk:1" }, container)).toEqual([
      ["example.com/talk:1", credentialsParameter],
    ]);
    expect(imagesOf({ web: "./examples/talk-service" }, container).map(([image]) => image)).toEqual([
      "./examples/talk-service",
    ]);
  });

  test.each([
    ["<IMAGE1_NAME>", 'got "<IMAGE1_NAME>"'],
    ["", 'got ""'],
    ["${AWS_ACCOUNT_ID}.dkr.ecr.eu-west-1.amazonaws.com/talk:1", "got"],
    // The chain's word for a directory is no image of a task definition.
    ["./talk", 'got "./talk"'],
    [undefined, "is required"],
  ])("whose image is %j needs one that is given", (image, message) => {
    const issues = issuesOf(template([{ ...web, image }]));
    expect(issues).toHaveLength(1);
    expect(issues[0]).toContain("containerDefinitions.0.image: ");
    expect(issues[0]).toContain(message);
    expect(issues[0]).toContain('give one with { images: { "web": … } }');
  });

  test("has the containers whose images are given", () => {
    expect(issuesOf(template([{ ...web, image: "nginx" }]), { images: { wbe: "nginx" } })).toEqual([
      "images.wbe: must be a container of the task definition; it has web",
    ]);
  });

  test("is a task definition, not its containers alone", () => {
    expect(issuesOf([{ ...web, image: "nginx" }])).toEqual([
      "taskDefinition: must be an object; got an array: container definitions alone are put into { family, containerDefinitions }",
    ]);
    expect(issuesOf("7")).toEqual(["taskDefinition: must be an object; got 7"]);
  });
});

test("a log router's configuration file may be relative, as Fluent Bit takes it", () => {
  const fargate = SAMPLES["fargate"]!;
  const [app, router] = fargate.containerDefinitions!;
  const firelensConfiguration = {
    type: "fluentbit" as const,
    options: { "config-file-type": "file", "config-file-value": "extra/custom.conf" },
  };
  const sample = { ...fargate, containerDefinitions: [app!, { ...router!, firelensConfiguration }] };
  expect(normal(registrationOf(sample))).toEqual(normal(sample));
});
