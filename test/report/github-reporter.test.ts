import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { QuaysideEvent } from "../../src/engine/events.js";
import { githubReporter } from "../../src/report/github-reporter.js";
import { reporters } from "../../src/report/reporters.js";
import { sharedAccount } from "../scenarios/account.js";
import { talkService } from "../scenarios/tutorial.js";
import { Screen } from "./screen.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "github-"));
  vi.stubEnv("GITHUB_STEP_SUMMARY", join(directory, "summary.md"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true, force: true });
});
const summary = () => readFile(join(directory, "summary.md"), "utf8");

test("a deploy is a group with the plan and a group with its progress, and a summary with the picture", async () => {
  await using cloud = await sharedAccount();
  const screen = new Screen(false);
  await talkService(cloud).deploy({ onEvent: githubReporter({ stream: screen }) });
  const lines = screen.text.split("\n");
  expect(lines.filter((line) => line.startsWith("::"))).toEqual([
    "::group::Plan (local cloud, account 123456789012, eu-west-1)",
    "::endgroup::",
    "::group::Progress",
    "::endgroup::",
  ]);
  expect(lines[1]).toBe("Plan: 20 to create (local cloud, account 123456789012, eu-west-1)");
  expect(lines.at(-2)).toMatch(/^ +\d:\d\d Done in \d min( \d+ s)?: 20 created$/);
  const markdown = await summary();
  expect(markdown).toContain("**Plan: 20 to create** (local cloud, account 123456789012, eu-west-1)");
  expect(markdown).toContain("| ➕ create | service | <code>talk-service-ecs</code> |  |");
  expect(markdown).toMatch(/```mermaid\nflowchart LR\n[^]*n\d+ --> n\d+\n[^]*```\n\n<\/details>/);
  expect(markdown.trimEnd()).toMatch(/✅ \*\*Done in .*\*\*: 20 created$/);
});

test("a failing rollout is an annotation with its fix, and stands in the summary with its last lines", async () => {
  await using cloud = await sharedAccount({
    images: { "talk-service:2": { exits: 1, log: ["::error::not ours", "`````", "Error: no database"] } },
  });
  await talkService(cloud).deploy();
  const screen = new Screen(false);
  const broken = talkService(cloud, "registry.example.com/talk-service:2");
  await broken.deploy({ onEvent: githubReporter({ stream: screen }) }).catch(() => {});
  const commands = screen.text.split("\n").filter((line) => line.startsWith("::"));
  expect(commands.filter((line) => line.startsWith("::error"))).toEqual([
    "::error title=Service talk-service-ecs::Service talk-service-ecs in conference-cluster did not become healthy: Essential container in task exited (exit code 1)%0ARead the container's last log lines: the application exits right after it starts.",
  ]);
  const markdown = await summary();
  expect(markdown).toContain("Error: no database");
  expect(markdown.match(/```/g)).toHaveLength(4);
  expect(markdown.trimEnd()).toMatch(/❌ \*\*Ended early\*\* \(rollout-failed\) after/);
});

test("texts from outside are no commands of the runner, and no Markdown", () => {
  const screen = new Screen(false);
  const report = githubReporter({ stream: screen, summary: false });
  report({ type: "warning", at: 0, message: "100 %, a::b\n::set-env name=x::y ##[error]z" });
  report({ type: "log", at: 0, name: "job", task: "1", message: "::add-mask::x" });
  const lines = screen.text.trimEnd().split("\n");
  expect(lines.at(1)).toBe("::warning title=Deployment::100 %25, a::b ::set-env name=x::y ##[error]z");
  expect(lines.filter((line) => line.trimStart().startsWith("::"))).toHaveLength(1);
  expect(lines[0]).not.toContain("##[");
});

test("a run that ends without an own failure is an annotation all the same", () => {
  const screen = new Screen(false);
  const report = githubReporter({ stream: screen, summary: false });
  report({
    type: "planned",
    at: 0,
    account: undefined,
    region: "eu-west-1",
    create: 2,
    update: 0,
    delete: 0,
    none: 0,
  });
  report({ type: "ended", at: 0, seconds: 60, code: "timed-out" });
  expect(screen.text).toContain("::error title=Deployment::The run ended early (timed-out) after 1 min\n");
});

test("a plan as Markdown names each field that changes, and keeps what would be Markdown or HTML as text", async () => {
  await using cloud = await sharedAccount();
  await talkService(cloud).deploy();
  const plan = await talkService(cloud, "registry.example.com/a|b`c<d:2")
    .plan()
    .catch(async () => await talkService(cloud).service({ desired: 3 }).env({ A: "<b>|`" }).plan());
  const markdown = plan.toMarkdown();
  const rows = markdown.split("\n").filter((line) => line.startsWith("| ✏️"));
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(row.split("|")).toHaveLength(6);
  expect(markdown).toContain("<code>desiredCount</code>: <code>2</code> → <code>3</code>");
});

test("joined reporters all get every event, also if one of them throws", () => {
  const seen: string[] = [];
  const event: QuaysideEvent = { type: "warning", at: 0, message: "x" };
  const report = reporters(
    () => seen.push("first"),
    () => {
      throw new Error("the second's own");
    },
    () => seen.push("third"),
  );
  expect(() => report(event)).toThrow("the second's own");
  expect(seen).toEqual(["first", "third"]);
  expect(() => reporters(undefined as never)).toThrow("reporters.0: must be a function");
});
