import { afterEach, expect, test } from "vitest";
import { Cluster, Deployment, Job } from "../../src/index.js";
import type { LocalCloud, LocalCloudOptions } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:";

/** A service that runs only if ECS can read its secrets. */
async function deployWith(secrets: Record<string, string>, existing: LocalCloudOptions["secrets"]) {
  cloud = await sharedAccount({ secrets: existing! });
  await new Deployment("talk-service")
    .image("talk-service:1")
    .cluster(new Cluster("conference-cluster").fargate())
    .secrets(secrets)
    .on(cloud)
    .deploy();
}

test.each([
  ["without its random characters", `${SECRET}MySecret`, `${SECRET}MySecret-AbCdEf`],
  ["of a secret whose name looks like a whole ARN", `${SECRET}test-secret`, `${SECRET}test-secret-AbCdEf`],
  ["with its random characters", `${SECRET}MySecret-AbCdEf`, `${SECRET}MySecret-AbCdEf`],
  ["with the key of a value", `${SECRET}MySecret:password::`, `${SECRET}MySecret-AbCdEf`],
  ["of a parameter", "arn:aws:ssm:eu-west-1:123456789012:parameter/talk/db", "/talk/db"],
])("a secret is readable by the ARN %s", async (_, given, existing) => {
  await deployWith({ P: given }, [existing]);
});

test("values under customer-managed keys are readable", async () => {
  const kmsKey = "arn:aws:kms:eu-west-1:123456789012:key/1";
  const existing = [`${SECRET}db-AbCdEf`, "/talk/db"].map((name) => ({ name, kmsKey }));
  await deployWith({ A: `${SECRET}db-AbCdEf`, B: "ssm:/talk/db" }, existing);
});

test("policies that the region's name makes too large are refused before anything is changed", async () => {
  cloud = await sharedAccount();
  const many = Array.from({ length: 106 }, (_, index) => [
    `S${index}`,
    `ssm:/${"x".repeat(55)}/${100 + index}`,
  ]);
  const deployment = new Deployment("talk-service")
    .image("talk-service:1")
    .cluster(new Cluster("conference-cluster").fargate())
    .secrets(Object.fromEntries(many) as Record<string, string>)
    .on(cloud);
  await expect(deployment.plan()).rejects.toMatchObject({ code: "policies-too-large" });
});

test("a scheduled job whose tag has no value is refused before any request, one without a schedule is not", async () => {
  cloud = await sharedAccount();
  const calls = cloud.calls.length;
  const job = new Job("report")
    .image("report:1")
    .cluster(new Cluster("conference-cluster").fargate())
    .tags({ Purpose: "" })
    .on(cloud);
  await expect(job.schedule("rate(1 day)").deploy()).rejects.toMatchObject({
    code: "invalid-spec",
    issues: [{ path: "tags.Purpose", message: expect.stringContaining("EventBridge Scheduler") }],
  });
  expect(cloud.calls.length).toBe(calls);
  await job.deploy();
});
