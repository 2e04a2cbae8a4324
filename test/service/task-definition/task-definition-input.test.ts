import { expect, test } from "vitest";
import { taskDefinitionInput } from "../../../src/service/task-definition/task-definition-input.js";
import { onFargate, talkService } from "../deployment-spec.js";

test("the tutorial's task definition: bridge mode, a dynamic host port, its awslogs options", () => {
  expect(taskDefinitionInput(talkService(), { region: "eu-west-1" })).toEqual({
    family: "talk-service",
    networkMode: "bridge",
    containerDefinitions: [
      {
        name: "web",
        image: "example.com/talk-service:1",
        cpu: 128,
        memoryReservation: 128,
        portMappings: [{ containerPort: 8080, hostPort: 0, protocol: "tcp" }],
        essential: true,
        logConfiguration: {
          logDriver: "awslogs",
          options: {
            "awslogs-group": "talk-service-cloudwatch",
            "awslogs-region": "eu-west-1",
            "awslogs-stream-prefix": "aws-talk-service-cloudwatch",
          },
        },
      },
    ],
  });
});

test("a Fargate task definition has the size of the task, as text, and gives every task its own address", () => {
  const spec = talkService({
    cluster: onFargate(),
    container: { cpu: 256, memory: 512, memoryReservation: undefined },
  });
  const executionRoleArn = "arn:aws:iam::123456789012:role/talk";
  const input = taskDefinitionInput(spec, { region: "eu-west-1", executionRoleArn, architecture: "ARM64" });
  expect(input).toMatchObject({
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    cpu: "256",
    memory: "512",
    executionRoleArn,
    runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "ARM64" },
  });
  const [container] = input.containerDefinitions!;
  expect(container!.portMappings).toEqual([{ containerPort: 8080, hostPort: 8080, protocol: "tcp" }]);
  expect(container).not.toHaveProperty("cpu");
  expect(container).not.toHaveProperty("memory");
});

test("a task definition has all options of its container, environment and secrets by name", () => {
  const spec = talkService({
    image: {
      reference: "registry.example.com/x@sha256:1",
      credentials: "arn:aws:secretsmanager:eu-west-1:1:secret:r-abcdef",
      build: undefined,
    },
    container: {
      memory: 256,
      command: ["serve"],
      entryPoint: ["/bin/app"],
      environment: { B: "2", A: "1" },
      secrets: {
        Y: { from: "parameter-store", parameter: "/talk/y" },
        X: { from: "arn", arn: "arn:aws:secretsmanager:eu-west-1:1:secret:x-abcdef:key::" },
      },
      healthCheck: { command: ["CMD", "true"], interval: 10, timeout: 2, retries: 1, startPeriod: 5 },
      stopTimeout: 20,
      user: "1000",
    },
  });
  const [container] = taskDefinitionInput(spec, { region: "eu-west-1" }).containerDefinitions!;
  expect(container).toMatchObject({
    repositoryCredentials: { credentialsParameter: "arn:aws:secretsmanager:eu-west-1:1:secret:r-abcdef" },
    memory: 256,
    command: ["serve"],
    entryPoint: ["/bin/app"],
    environment: [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ],
    secrets: [
      { name: "X", valueFrom: "arn:aws:secretsmanager:eu-west-1:1:secret:x-abcdef:key::" },
      { name: "Y", valueFrom: "/talk/y" },
    ],
    healthCheck: { command: ["CMD", "true"], interval: 10, timeout: 2, retries: 1, startPeriod: 5 },
    stopTimeout: 20,
    user: "1000",
  });
});

test("an empty command is no command, so that the image's own runs", () => {
  const input = taskDefinitionInput(talkService({ container: { command: [], entryPoint: [] } }), {
    region: "eu-west-1",
  });
  expect(input.containerDefinitions![0]).not.toHaveProperty("command");
  expect(input.containerDefinitions![0]).not.toHaveProperty("entryPoint");
});
