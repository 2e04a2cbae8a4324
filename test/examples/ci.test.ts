import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runExample } from "./run-example.js";

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
    expect(
      Math.max(
        ...out
          .slice(0, out.indexOf("::endgroup"))
          .split("\n")
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80);
    expect(await readFile(join(directory, "summary.md"), "utf8")).toMatch(/mermaid[^]*✅ \*\*Done in/);
    expect(await readFile(join(directory, "timeline.html"), "utf8")).toContain('class="run"');
  } finally {
    vi.unstubAllEnvs();
    await rm(directory, { recursive: true, force: true });
  }
});
