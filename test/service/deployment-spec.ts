import type { DeploymentSpec } from "../../src/spec/deployment-spec.js";
import type { ContainerSpec } from "../../src/spec/container.js";
import { Issues } from "../../src/spec/parsing/issues.js";
import { OptionsReader } from "../../src/spec/parsing/options-reader.js";
import { parseSettings } from "../../src/spec/task/container-settings.js";
import { parsePorts } from "../../src/spec/task/ports.js";
import { parseTask, withContainerSize } from "../../src/spec/task/task-options.js";

const issues = new Issues();
/** The settings of a container whose chain sets none. */
const noSettings = parseSettings(new OptionsReader({}, "container", issues), "ec2", issues);
/** The ports of a container whose chain sets `port` alone. */
export const onlyPort = (port: number | undefined): ContainerSpec["ports"] =>
  parsePorts(undefined, port, "container.ports", "bridge", issues);

/** The tutorial's talk-service, with changes. */
export function talkService(
  changes: Partial<Omit<DeploymentSpec, "container">> & { readonly container?: Partial<ContainerSpec> } = {},
): DeploymentSpec {
  const { capacity } = changes.cluster ?? { capacity: { type: "ec2" as const } };
  const container: ContainerSpec = {
    name: "web",
    port: 8080,
    ports: onlyPort("port" in (changes.container ?? {}) ? changes.container?.port : 8080),
    cpu: 128,
    memory: undefined,
    memoryReservation: 128,
    command: undefined,
    entryPoint: undefined,
    environment: {},
    secrets: {},
    healthCheck: undefined,
    dependsOn: {},
    stopTimeout: undefined,
    user: undefined,
    ...noSettings,
    ...changes.container,
  };
  return {
    task: withContainerSize(parseTask([], capacity.type, issues), container, capacity.type),
    volumes: [],
    name: "talk-service",
    image: { reference: "example.com/talk-service:1", credentials: undefined, build: undefined },
    service: {
      name: "talk-service-ecs",
      desired: 2,
      minHealthyPercent: 100,
      maxPercent: 200,
      circuitBreaker: true,
      healthCheckGrace: undefined,
      exec: false,
      keepReleases: 10,
      placement: undefined,
    },
    cluster: {
      name: "conference-cluster",
      claim: "own",
      capacity: {
        type: "ec2",
        instanceType: "t2.micro",
        ami: undefined,
        keyPair: undefined,
        securityGroup: "conferenceEcsSecurityGroup",
        instanceRole: "ecsInstanceRole",
        spot: false,
        refresh: "manual",
        refreshAlarms: [],
        instanceTypes: ["t3.micro"],
        os: undefined,
        mixed: undefined,
        volume: undefined,
        publicIp: undefined,
        sessionManager: false,
        instanceRolePolicies: [],
        agent: {},
        metadataHopLimit: 1,
        userData: undefined,
        min: 2,
        max: 4,
        scaling: undefined,
      },
      insights: undefined,
      network: undefined,
      tags: {},
    },
    route: undefined,
    blueGreen: undefined,
    scaling: undefined,
    logs: {
      group: "talk-service-cloudwatch",
      streamPrefix: "aws-talk-service-cloudwatch",
      retention: 30,
      class: undefined,
      kmsKey: undefined,
      claim: "own",
      driver: { driver: "awslogs", options: {}, secretOptions: {} },
      router: undefined,
    },
    tags: {},
    beforeRelease: undefined,
    sidecars: [],
    taskRole: undefined,
    ...changes,
    container,
  };
}

export const onFargate = (spot = false): DeploymentSpec["cluster"] => ({
  name: "conference-cluster",
  claim: "own",
  capacity: { type: "fargate", spot },
  insights: undefined,
  network: undefined,
  tags: {},
});
