import type { DeploymentSpec } from "../../src/spec/deployment-spec.js";
import type { ContainerSpec } from "../../src/spec/container.js";

/** The tutorial's talk-service, with changes. */
export function talkService(
  changes: Partial<Omit<DeploymentSpec, "container">> & { readonly container?: Partial<ContainerSpec> } = {},
): DeploymentSpec {
  return {
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
        userData: undefined,
        min: 2,
        max: 4,
        scaling: undefined,
      },
      network: undefined,
      tags: {},
    },
    route: undefined,
    blueGreen: undefined,
    scaling: undefined,
    logs: { group: "talk-service-cloudwatch", streamPrefix: "aws-talk-service-cloudwatch", retention: 30 },
    tags: {},
    beforeRelease: undefined,
    sidecars: [],
    taskRole: undefined,
    ...changes,
    container: {
      name: "web",
      port: 8080,
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
      ...changes.container,
    },
  };
}

export const onFargate = (spot = false): DeploymentSpec["cluster"] => ({
  name: "conference-cluster",
  claim: "own",
  capacity: { type: "fargate", spot },
  network: undefined,
  tags: {},
});
