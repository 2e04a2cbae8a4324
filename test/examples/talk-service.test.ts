import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { shown } from "../../docs/generate/start-picture.js";
import { seriesOf } from "../browser/timeline-dom.js";
import { runOnTerminal } from "../report/terminal.js";
import { doneIn, steady } from "./steady.js";
import { expectRuns, runWithTimeline } from "./example-timeline.js";

test("npm start deploys the talk-service, gets answers from two hosts, and destroys everything", async () => {
  const { out, dom } = await runWithTimeline("talk-service/deploy.ts", "--once");
  const hosts = new Set([...out.matchAll(/Talk details returned by (\S+)/g)].map((match) => match[1]));
  expect(hosts.size).toBe(2);
  expect(out).toMatch(/Plan: \d+ to create/);
  expect(out).toMatch(/talk-service answers at http:\/\/127\.0\.0\.1:\d+\/talk/);
  expect(out).toMatch(/Healthy: 2 of 2 tasks run on 2 instances/);
  expect(out).toMatch(/\d+ resources were deleted/);
  expect(out).not.toMatch(/kept:/);

  // The README's picture shows these lines, with the times and ids of another run.
  const picture = readFileSync("docs/public/pictures/npm-start.svg", "utf8").matchAll(/<text .*?<\/text>/g);
  const drawn = [...picture]
    .map(([text]) => text.replaceAll(/<[^>]+>/g, "").replaceAll("&gt;", ">"))
    .slice(1);
  const steadily = (lines: readonly string[]): string[] => lines.filter(Boolean).map(steady).sort();
  expect(steadily(drawn)).toEqual(steadily(shown(out.split("\n"))));

  // In CI: a line for each thing that is done, with its time.
  const lines = doneIn(out);
  const start = lines.findIndex((line) => line.startsWith("  0:00"));
  const end = lines.findIndex((line) => line.startsWith("  0:00 Done"));
  expect(lines.slice(0, start).join("\n")).toMatchInlineSnapshot(`
    "Plan: 22 to create (local cloud, account 123456789012, eu-west-1)

      Network
        + security-group       conferenceEcsSecurityGroup
        + security-group       conferenceAlbSecurityGroup
        + security-group-rule  conferenceAlbSecurityGroup: tcp 80 from 0.0.0.0/0
        + security-group-rule  conferenceAlbSecurityGroup: tcp 80 from ::/0
        + security-group-rule  conferenceEcsSecurityGroup: tcp 1-65535 from
            conferenceAlbSecurityGroup

      Cluster
        + cluster                    conference-cluster
        + launch-template            conference-cluster-instances
        + auto-scaling-group         conference-cluster-instances      min 2, max 4
        + capacity-provider          conference-cluster-capacity
        + cluster-capacity-provider  conference-cluster/conference-cluster-capacity
        + instance-bounds            conference-cluster-instances      min 2, max 4

      Permissions
        + iam-role          ecsInstanceRole  service ec2.amazonaws.com
        + instance-profile  ecsInstanceRole

      Load balancer
        + load-balancer  conferenceAlb     scheme internet-facing
        + listener       conferenceAlb:80  port 80, protocol HTTP

      Image
        + ecr-repository  talk-service  imageTagMutability IMMUTABLE
        + image           talk-service  platform linux/amd64

      Service
        + log-group        talk-service-cloudwatch        retentionInDays 30
        + task-definition  talk-service
        + target-group     talkServiceTargetGroup         targetType instance
        + listener-rule    conferenceAlb:80/talk-service
        + service          talk-service-ecs               cluster conference-cluster
    "
  `);
  expect(lines.slice(start, end).sort().join("\n")).toMatchInlineSnapshot(`
    "       Times and durations are AWS's: its time passes 20 times faster here.
      0:00 22 to create (local cloud, account 123456789012, eu-west-1)
      0:00 ✓ auto-scaling-group conference-cluster-instances created … s
      0:00 ✓ capacity-provider conference-cluster-capacity created … s
      0:00 ✓ cluster conference-cluster created … s
      0:00 ✓ cluster-capacity-provider conference-cluster/conference-cluster-capacity created … s
      0:00 ✓ ecr-repository talk-service created … s
      0:00 ✓ iam-role ecsInstanceRole created … s
      0:00 ✓ image talk-service created … s
      0:00 ✓ instance-bounds conference-cluster-instances created … s
      0:00 ✓ instance-profile ecsInstanceRole created … s
      0:00 ✓ launch-template conference-cluster-instances created … s
      0:00 ✓ listener conferenceAlb:80 created … s
      0:00 ✓ listener-rule conferenceAlb:80/talk-service created … s
      0:00 ✓ load-balancer conferenceAlb created … s
      0:00 ✓ load-balancer conferenceAlb ready … s
      0:00 ✓ log-group talk-service-cloudwatch created … s
      0:00 ✓ rollout talk-service-ecs: successful, 2 of 2 running, 2 healthy
      0:00 ✓ security-group conferenceAlbSecurityGroup created … s
      0:00 ✓ security-group conferenceEcsSecurityGroup created … s
      0:00 ✓ security-group-rule conferenceAlbSecurityGroup: tcp 80 from 0.0.0.0/0 created … s
      0:00 ✓ security-group-rule conferenceAlbSecurityGroup: tcp 80 from ::/0 created … s
      0:00 ✓ security-group-rule conferenceEcsSecurityGroup: tcp 1-65535 from conferenceAlbSecurityGroup created … s
      0:00 ✓ service talk-service-ecs created … s
      0:00 ✓ target-group talkServiceTargetGroup created … s
      0:00 ✓ task-definition talk-service created … s"
  `);
  expect(lines.slice(end, end + 8).join("\n")).toMatchInlineSnapshot(`
    "  0:00 Done in … s: 22 created

    talk-service answers at http://127.0.0.1:…/talk:

      Talk details returned by …
      Talk details returned by …

    Healthy: 2 of 2 tasks run on 2 instances,"
  `);

  const [deploy, destroy] = expectRuns(dom, 2);
  const isReal = ({ resource }: { resource: string }) => resource !== "plan";
  expect(deploy!.rows.filter(isReal)).toHaveLength(22);
  expect(destroy!.rows.filter(isReal).map(({ action }) => action)).toEqual(Array(22).fill("delete"));
  expect(deploy!.rows.filter(({ isCritical }) => isCritical).at(-1)).toMatchObject({
    resource: expect.stringMatching(/^(service|load-balancer)$/) as unknown,
  });
  expect(seriesOf(dom, /^rollout/)["running"]!.at(-1)).toBe(2);
});

test("npm start on a terminal of 80 columns leaves only what is done, in lines that fit", async () => {
  const { terminal, code } = await runOnTerminal("examples/talk-service/deploy.ts", ["--once"]);
  expect(code).toBe(0);
  const lines = await terminal.lines();
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.filter((line) => /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏━]/.test(line))).toEqual([]);
  const text = steady(lines.join("\n"));
  expect(text.match(/^Done in … s: 22 (created|deleted)$/gm)).toHaveLength(2);
  expect(text.match(/^✓ .* (created|deleted) … s$/gm)!.length).toBeGreaterThan(30);
  expect(text.match(/Times and durations are AWS's/g)).toHaveLength(1);
  expect(text).toContain("\n\ntalk-service answers at http://127.0.0.1:…/talk:\n");
});
