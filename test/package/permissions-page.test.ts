import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";
import { Cluster, Deployment, Job, LoadBalancer, type PolicyDocument } from "../../src/index.js";
import type { ServiceName } from "../../src/aws/api.js";
import { iamAction } from "../../src/aws/operation-name.js";
import { PERMISSION_TABLES } from "../../src/local/authorization/permission-tables.js";

const PLACE = { account: "123456789012", region: "eu-west-1" };

const talk = new Deployment("talk-service")
  .image("./talk-service")
  .container({ port: 8080, cpu: 128, memoryReservation: 128 })
  .secrets({ DATABASE_URL: "ssm:/talk/database-url" })
  .cluster(new Cluster("conference-cluster").ec2())
  .behindAlb(new LoadBalancer("conferenceAlb").http(80), { path: "/talk*", healthCheck: "/health" })
  .autoscale({ min: 2, max: 6, cpu: 50 });

const report = new Job("nightly-report")
  .image("registry.example.com/report:1")
  .container({ cpu: 256, memory: 512 })
  .cluster(new Cluster("conference-cluster").fargate())
  .schedule("cron(0 3 * * ? *)");

test("the page of permissions shows what the chains' policies are", async () => {
  const policy = (document: PolicyDocument): string =>
    `\`\`\`json\n${JSON.stringify(document, undefined, 2)}\n\`\`\`\n`;
  const page = [
    "# Permissions\n",
    "`permissions()` of a chain returns the least IAM policy with which its operations succeed, and `localCloud({ caller })` denies what a policy does not allow. This page shows what it returns. It is generated: `npx vitest run test/package/permissions-page -u`.\n",
    '- What is created must have the tag `quayside:owner` of the chain\'s deployment, job, cluster or load balancer (`aws:RequestTag`); what is changed or deleted must have it already (`aws:ResourceTag`).\n- Roles are narrowed by their path, and may only be passed to the service that uses them (`iam:PassedToService`).\n- AWS has no resource-level permissions for most actions that read, and for `ecs:DeregisterTaskDefinition`: these are narrowed by the region.\n- Auto Scaling checks that the caller may start instances (`ec2:RunInstances`, from launch templates only). Elastic Load Balancing reads the network with the caller\'s permissions. The service-linked roles of ECS, Auto Scaling and Elastic Load Balancing are created at their first use in an account.\n- A chain that leaves a cluster, a load balancer, a network, a namespace, a domain, a web ACL or an existing alarm, which an earlier description used, needs the permissions of that description as well, until its next deploy has completed: attach the statements of `permissions()` of both chains. A plan of it needs its own policy only.\n- `{ adopt: true }` needs `for: ["deploy", "adopt"]`.\n- `Deployment.named(name).permissions()` is for a role that knows a deployment by its name only, in any cluster; the policy of a chain needs `for: ["by-name"]` besides the operations, and `deployments()` that alone.\n- What an override adds to a request is not known to the policy: an override of `createRole` on a role that exists, for example, needs `iam:PutRolePermissionsBoundary` or `iam:UpdateRole`.\n- Managed policies have at most 6,144 characters without white space. Statements are independent: a long policy can be attached in several parts.\n\nSource of all actions, resources and condition keys: AWS\'s Service Authorization Reference.\n',
    "## A service on EC2 behind a load balancer, built from a directory and scaled\n",
    policy(talk.permissions(PLACE)),
    "## Its plan alone\n",
    policy(talk.permissions({ ...PLACE, for: ["plan"] })),
    "## A scheduled job on Fargate\n",
    policy(report.permissions(PLACE)),
  ].join("\n");
  const file = "docs/permissions.md";
  const formatted = await format(page, { ...(await resolveConfig(file)), parser: "markdown" });
  await expect(formatted).toMatchFileSnapshot(`../../${file}`);
});

test("every operation that the library calls is an action of some policy", () => {
  const textOf = (folder: string, isExcluded: (file: string) => boolean = () => false): string =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !isExcluded(file))
      .map((file) => readFileSync(join(folder, file), "utf8"))
      .join("\n");
  const policies = textOf("src/permissions");
  const sources = textOf("src", (file) => /^(?:local|permissions|aws.api)\b/.test(file));
  const called = Object.entries(PERMISSION_TABLES).flatMap(([service, table]) =>
    Object.keys(table)
      .filter((operation) => new RegExp(`\\b${operation}\\(`).test(sources))
      .map((operation) => iamAction(service as ServiceName, operation)),
  );
  expect(called.length).toBeGreaterThan(100);
  // AWS allows this one to everyone, even against a policy that denies it.
  const free = "sts:GetCallerIdentity";
  // Only an override of CreateRole asks for these.
  const others = [free, "iam:PutRolePermissionsBoundary", "iam:UpdateRole"];
  expect(called.filter((action) => !others.includes(action) && !policies.includes(`"${action}"`))).toEqual(
    [],
  );
});
