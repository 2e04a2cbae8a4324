import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runExample } from "./run-example.js";
import { doneIn } from "./steady.js";

test("the CI example writes groups, a summary and a timeline", async () => {
  const directory = await mkdtemp(join(tmpdir(), "ci-"));
  vi.stubEnv("GITHUB_STEP_SUMMARY", join(directory, "summary.md"));
  vi.stubEnv("TIMELINE", join(directory, "timeline.html"));
  try {
    const out = await runExample("ci.ts");
    expect(out.split("\n").filter((line) => /^(::|\S+: http)/.test(line))).toEqual([
      "::group::Plan (local cloud, account 123456789012, eu-west-1)",
      "::endgroup::",
      "::group::Progress",
      "::endgroup::",
      expect.stringMatching(/^Deployed: http:\/\/127\.0\.0\.1:\d+\/talk$/),
    ]);
    const lines = doneIn(out);
    const start = lines.findIndex((line) => line === "::group::Progress");
    const plan = lines.slice(0, start);
    expect(Math.max(...plan.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(plan.join("\n")).toMatchInlineSnapshot(`
      "::group::Plan (local cloud, account 123456789012, eu-west-1)
      Plan: 22 to create (local cloud, account 123456789012, eu-west-1)

        Network
          + security-group       conference-cluster-instances
          + security-group       conferenceAlb-alb
          + security-group-rule  conferenceAlb-alb: tcp 80 from 0.0.0.0/0
          + security-group-rule  conferenceAlb-alb: tcp 80 from ::/0  protocol tcp
          + security-group-rule  conference-cluster-instances: tcp 1-65535 from
              conferenceAlb-alb

        Cluster
          + cluster                    conference-cluster
          + launch-template            conference-cluster-instances
          + auto-scaling-group         conference-cluster-instances      min 2, max 4
          + capacity-provider          conference-cluster-capacity
          + cluster-capacity-provider  conference-cluster/conference-cluster-capacity
          + instance-bounds            conference-cluster-instances      min 2, max 4

        Permissions
          + iam-role          conference-cluster-instance-role-eu-west-1
          + instance-profile  conference-cluster-instance-role-eu-west-1

        Load balancer
          + load-balancer  conferenceAlb     scheme internet-facing
          + listener       conferenceAlb:80  port 80, protocol HTTP

        Image
          + ecr-repository  talk-service  imageTagMutability IMMUTABLE
          + image           talk-service  platform linux/amd64

        Service
          + log-group        talk-service                   retentionInDays 30
          + task-definition  talk-service
          + target-group     talk-service                   targetType instance
          + listener-rule    conferenceAlb:80/talk-service
          + service          talk-service                   cluster conference-cluster
      ::endgroup::"
    `);
    expect(lines.slice(start).sort().join("\n")).toMatchInlineSnapshot(`
      "
             Times and durations are AWS's: its time passes 60 times faster here.
        0:00 22 to create (local cloud, account 123456789012, eu-west-1)
        0:00 Done in … s: 22 created
        0:00 ✓ auto-scaling-group conference-cluster-instances created … s
        0:00 ✓ capacity-provider conference-cluster-capacity created … s
        0:00 ✓ cluster conference-cluster created … s
        0:00 ✓ cluster-capacity-provider conference-cluster/conference-cluster-capacity created … s
        0:00 ✓ ecr-repository talk-service created … s
        0:00 ✓ iam-role conference-cluster-instance-role-eu-west-1 created … s
        0:00 ✓ image talk-service created … s
        0:00 ✓ instance-bounds conference-cluster-instances created … s
        0:00 ✓ instance-profile conference-cluster-instance-role-eu-west-1 created … s
        0:00 ✓ launch-template conference-cluster-instances created … s
        0:00 ✓ listener conferenceAlb:80 created … s
        0:00 ✓ listener-rule conferenceAlb:80/talk-service created … s
        0:00 ✓ load-balancer conferenceAlb created … s
        0:00 ✓ load-balancer conferenceAlb ready … s
        0:00 ✓ log-group talk-service created … s
        0:00 ✓ rollout talk-service: successful, 2 of 2 running, 2 healthy
        0:00 ✓ security-group conference-cluster-instances created … s
        0:00 ✓ security-group conferenceAlb-alb created … s
        0:00 ✓ security-group-rule conference-cluster-instances: tcp 1-65535 from conferenceAlb-alb created … s
        0:00 ✓ security-group-rule conferenceAlb-alb: tcp 80 from 0.0.0.0/0 created … s
        0:00 ✓ security-group-rule conferenceAlb-alb: tcp 80 from ::/0 created … s
        0:00 ✓ service talk-service created … s
        0:00 ✓ target-group talk-service created … s
        0:00 ✓ task-definition talk-service created … s
      ::endgroup::
      ::group::Progress
      Deployed: http://127.0.0.1:…/talk"
    `);
    expect(await readFile(join(directory, "summary.md"), "utf8")).toMatch(/mermaid[^]*✅ \*\*Done in/);
    expect(await readFile(join(directory, "timeline.html"), "utf8")).toContain('class="run"');
  } finally {
    vi.unstubAllEnvs();
    await rm(directory, { recursive: true, force: true });
  }
});
