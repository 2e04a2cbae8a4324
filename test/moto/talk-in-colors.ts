import { Cluster, Deployment, type BlueGreenOptions, type CompleteDeployment } from "../../src/index.js";
import type { Account } from "./http-cloud.js";
import { underItsPolicy } from "./under-its-policy.js";

/** The service of test/moto/blue-green.test.ts: for each process the same. */
export function talkInColors(
  account: Account,
  version: number,
  options: BlueGreenOptions = {},
): CompleteDeployment {
  return new Deployment("talk-service")
    .image(`340754841610.dkr.ecr.eu-west-1.amazonaws.com/talk-service:${version}`)
    .container({ name: "web", port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health" })
    .autoscale({ min: 2, max: 6, cpu: 50 })
    .blueGreen({ shift: [50, 100], every: "0s", ...options })
    .on(underItsPolicy(account, { shorter: 50 }));
}
