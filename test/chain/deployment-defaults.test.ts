import { describe, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer } from "../../src/index.js";
import { issuesOf, refusals, untyped } from "../spec/issues-of.js";

test("the tutorial's chain is read with all its defaults", () => {
  const cluster = new Cluster("conference-cluster")
    .ec2({
      instanceType: "t3.micro",
      keyPair: "conference-key",
      securityGroup: "conferenceEcsSecurityGroup",
      instanceRole: "ecsInstanceRole",
    })
    .autoscale({ min: 2, max: 4 });
  const alb = new LoadBalancer("conferenceAlb").http(80).securityGroup("conferenceAlbSecurityGroup");
  const deployment = new Deployment("talk-service")
    .image("123456789012.dkr.ecr.eu-west-1.amazonaws.com/talk-service:1")
    .container({ name: "web", port: 8080, cpu: 128, memoryReservation: 128 })
    .service({ name: "talk-service-ecs", desired: 2 })
    .cluster(cluster)
    .behindAlb(alb, { path: "/talk*", healthCheck: "/health", targetGroup: "talkServiceTargetGroup" })
    .logs("talk-service-cloudwatch", { streamPrefix: "aws-talk-service-cloudwatch", retention: "30d" });

  expect(deployment.toJSON()).toMatchInlineSnapshot(`
    {
      "beforeRelease": undefined,
      "blueGreen": undefined,
      "cluster": {
        "capacity": {
          "agent": {},
          "ami": undefined,
          "instanceRole": "ecsInstanceRole",
          "instanceRolePolicies": [],
          "instanceType": "t3.micro",
          "instanceTypes": [
            "t3.micro",
          ],
          "keyPair": {
            "createTo": undefined,
            "name": "conference-key",
          },
          "max": 4,
          "metadataHopLimit": 1,
          "min": 2,
          "mixed": undefined,
          "os": undefined,
          "publicIp": undefined,
          "refresh": "manual",
          "refreshAlarms": [],
          "scaling": {
            "by": "managed",
            "schedule": [],
            "targetCapacity": 100,
          },
          "securityGroup": "conferenceEcsSecurityGroup",
          "sessionManager": false,
          "spot": false,
          "type": "ec2",
          "userData": undefined,
          "volume": undefined,
        },
        "claim": "own",
        "execLogging": undefined,
        "iam": undefined,
        "insights": undefined,
        "name": "conference-cluster",
        "network": undefined,
        "tags": {},
      },
      "container": {
        "capabilities": {
          "add": [],
          "drop": [],
        },
        "command": undefined,
        "cpu": 128,
        "credentialSpecs": [],
        "dependsOn": {},
        "devices": [],
        "disableNetworking": undefined,
        "dnsSearchDomains": [],
        "dnsServers": [],
        "dockerSecurityOptions": [],
        "entryPoint": undefined,
        "environment": {},
        "environmentFiles": [],
        "extraHosts": {},
        "firelens": undefined,
        "gpus": undefined,
        "healthCheck": undefined,
        "hostname": undefined,
        "init": undefined,
        "interactive": undefined,
        "labels": {},
        "links": undefined,
        "logs": undefined,
        "maxSwap": undefined,
        "memory": undefined,
        "memoryReservation": 128,
        "mounts": [],
        "name": "web",
        "port": 8080,
        "ports": [
          {
            "appProtocol": undefined,
            "hostPort": undefined,
            "name": undefined,
            "port": 8080,
            "protocol": "tcp",
          },
        ],
        "privileged": undefined,
        "readonlyRootFilesystem": undefined,
        "restart": undefined,
        "secrets": {},
        "sharedMemory": undefined,
        "startTimeout": undefined,
        "stopTimeout": undefined,
        "swappiness": undefined,
        "systemControls": {},
        "tmpfs": [],
        "tty": undefined,
        "ulimits": [],
        "user": undefined,
        "versionConsistency": undefined,
        "volumesFrom": [],
        "workingDirectory": undefined,
      },
      "image": {
        "build": undefined,
        "credentials": undefined,
        "reference": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/talk-service:1",
      },
      "logs": {
        "claim": "own",
        "class": undefined,
        "driver": {
          "driver": "awslogs",
          "options": {},
          "secretOptions": {},
        },
        "group": "talk-service-cloudwatch",
        "kmsKey": undefined,
        "retention": 30,
        "router": undefined,
        "streamPrefix": "aws-talk-service-cloudwatch",
      },
      "name": "talk-service",
      "route": {
        "deregistrationDelay": 60,
        "healthCheck": {
          "codes": "200-399",
          "healthyThreshold": 2,
          "interval": 10,
          "path": "/health",
          "timeout": 5,
          "unhealthyThreshold": 3,
        },
        "host": [],
        "loadBalancer": {
          "allow": [
            "0.0.0.0/0",
            "::/0",
          ],
          "claim": "own",
          "listeners": [
            {
              "additionalCertificates": [],
              "certificate": undefined,
              "port": 80,
              "protocol": "http",
              "redirectTo": undefined,
            },
          ],
          "name": "conferenceAlb",
          "network": undefined,
          "scheme": "internet-facing",
          "securityGroup": "conferenceAlbSecurityGroup",
          "tags": {},
        },
        "path": [
          "/talk*",
        ],
        "priority": undefined,
        "stickiness": undefined,
        "targetGroup": "talkServiceTargetGroup",
      },
      "scaling": undefined,
      "service": {
        "circuitBreaker": true,
        "desired": 2,
        "exec": false,
        "healthCheckGrace": 60,
        "keepReleases": 10,
        "maxPercent": 200,
        "minHealthyPercent": 100,
        "name": "talk-service-ecs",
        "placement": {
          "constraints": [],
          "strategy": [
            {
              "field": "attribute:ecs.availability-zone",
              "type": "spread",
            },
            {
              "field": "instanceId",
              "type": "spread",
            },
          ],
        },
      },
      "sidecars": [],
      "tags": {},
      "task": {
        "architecture": undefined,
        "compatibilities": undefined,
        "cpu": undefined,
        "ephemeralStorage": undefined,
        "executionRole": undefined,
        "faultInjection": undefined,
        "hasOwnSize": false,
        "ipcMode": undefined,
        "memory": undefined,
        "networkMode": "bridge",
        "pidMode": undefined,
        "placementConstraints": [],
      },
      "taskRole": undefined,
      "volumes": [],
    }
  `);
});

test("a deployment of an image and a cluster is complete", () => {
  const deployment = new Deployment().image("nginx").cluster("conference-cluster");
  expect(deployment.toJSON()).toMatchObject({
    name: "nginx",
    image: { reference: "nginx" },
    container: { name: "nginx", memoryReservation: 256, port: undefined },
    logs: { group: "nginx", retention: 30, streamPrefix: "nginx" },
    route: undefined,
    service: { name: "nginx", desired: undefined, healthCheckGrace: undefined },
  });
});

describe("a deployment without a name", () => {
  test.each([
    ["nginx:1.29", "nginx"],
    ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/conference/talk-service:1", "talk-service"],
    ["registry.example.com:5000/a/b/my_app@sha256:" + "0".repeat(64), "my_app"],
  ])("of %s is called %s", (image, name) => {
    expect(new Deployment().image(image).cluster("c").toJSON().name).toBe(name);
  });

  test("is given a valid name for any repository", () => {
    expect(
      new Deployment().image("conference/talk.service").cluster("c").toJSON().name,
    ).toMatchInlineSnapshot(`"talk-service-48d09913"`);
  });

  test("is named after its last image", () => {
    expect(new Deployment().image("a").cluster("c").image("b").toJSON().name).toBe("b");
  });
});

test("a name is 1 to 245 of ECS's characters: it becomes a tag's value, too", () => {
  const named = (name: string) => untyped(new Deployment(name).image("talk").cluster("c"));
  expect(refusals(["", "talk service", "talk.service", "t".repeat(246)], named)).toMatchInlineSnapshot(`
    [
      "name: must be 1 to 245 letters, digits, hyphens and underscores; got """,
      "name: must be 1 to 245 letters, digits, hyphens and underscores; got "talk service"",
      "name: must be 1 to 245 letters, digits, hyphens and underscores; got "talk.service"",
      "name: must be 1 to 245 letters, digits, hyphens and underscores; got "tttttttttttttttttttttttttttttttttttttttttttttttttttttttttt…" (246 characters)",
    ]
  `);
  expect(issuesOf(named("t".repeat(245)))).toEqual([]);
});

test("all defaults of a deployment with the longest name are valid", () => {
  const { logs, route } = new Deployment("t".repeat(245))
    .image("talk")
    .port(80)
    .cluster("c".repeat(248))
    .behindAlb()
    .toJSON();
  expect(logs.streamPrefix.length).toBeLessThanOrEqual(223);
  expect([route!.loadBalancer.name, route!.targetGroup].map((name) => name.length)).toEqual([32, 32]);
});
