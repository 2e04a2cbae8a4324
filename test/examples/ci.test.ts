import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runExample } from "./run-example.js";
import { doneIn, TIMES } from "./steady.js";
import { tutorialProgress } from "./tutorial-progress.js";

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
    const progress = ["::group::Progress", TIMES, ...tutorialProgress("created"), "::endgroup::"];
    const deployed = "Deployed: http://127.0.0.1:…/talk";
    expect(
      lines
        .slice(start)
        .filter((line) => line !== "")
        .sort(),
    ).toEqual([...progress, deployed].sort());
    expect(await readFile(join(directory, "summary.md"), "utf8")).toMatch(/mermaid[^]*✅ \*\*Done in/);
    expect(await readFile(join(directory, "timeline.html"), "utf8")).toContain('class="run"');
  } finally {
    vi.unstubAllEnvs();
    await rm(directory, { recursive: true, force: true });
  }
});
