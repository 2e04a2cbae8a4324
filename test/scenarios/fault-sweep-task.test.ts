import { expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { IMAGE } from "./colors.js";
import { ROUTED_LOGS } from "./routed-logs.js";
import { sweep } from "./sweep.js";

const FILE_SYSTEM = "fs-0123456789abcdef0";
const account = () =>
  sharedAccount({
    images: { prepare: { exits: 0 } },
    fileSystems: [{ id: FILE_SYSTEM }],
  });

/** EFS with IAM, FireLens to CloudWatch, a sidecar and a container that ends first. */
const inFull = (cloud: LocalCloud) =>
  new Deployment("talk-service")
    .image(IMAGE(1))
    .container({ port: 8080, mounts: { "/uploads": "uploads" }, dependsOn: { prepare: "SUCCESS" } })
    .sidecar("proxy", { image: "registry.example.com/proxy:1", mounts: { "/uploads": "uploads" } })
    .sidecar("prepare", {
      image: "registry.example.com/prepare:1",
      essential: false,
      logs: {
        driver: "awslogs",
        options: { "awslogs-group": "/prepare", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "p" },
      },
    })
    .task({ cpu: 512, memory: 1024 })
    .volume("uploads", { efs: FILE_SYSTEM, iam: true })
    .logs(ROUTED_LOGS)
    .cluster(new Cluster("conference-cluster").fargate())
    .on(cloud);

test("a deploy of a task with EFS, sidecars and FireLens that meets any fault is finished by the next run", async () => {
  const positions = await sweep({
    account,
    to: inFull,
    after: "destroy",
    // The calls that such a task has more of than others; other sweeps meet the rest.
    only: ({ operation, write }) =>
      write && /Role|LogGroup|Retention|TaskDefinition|createService/i.test(operation),
  });
  expect(positions).toMatchInlineSnapshot(`119`);
});
