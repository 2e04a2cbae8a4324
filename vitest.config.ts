import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * The files that take longest run first, also where no earlier run has measured them: those that mostly wait and those
 * that sweep faults in turns, so that neither keep all workers waiting or busy.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const sweeps = sorted.filter(({ moduleId }) => readFileSync(moduleId, "utf8").includes(" sweep("));
    const waiting = sorted.filter(
      (file) => !sweeps.includes(file) && /examples|traffic|moto|package|random/.test(file.moduleId),
    );
    const long = sweeps.flatMap((file, index) => [file, ...waiting.slice(index, index + 1)]);
    const first = [...long, ...waiting.slice(sweeps.length)];
    return [...first, ...sorted.filter((file) => !first.includes(file))];
  }
}

const src = (file: string): string => fileURLToPath(new URL(`src/${file}`, import.meta.url));

export default defineConfig({
  // As tsconfig.json has them: the snippets of the documentation import the package by its name.
  resolve: {
    alias: [
      { find: /^quayside$/, replacement: src("index.ts") },
      { find: /^quayside\/local$/, replacement: src("local/index.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts", "examples/**/*.test.ts"],
    watch: false,
    globalSetup: ["test/moto/warn-if-moto-missing.ts"],
    // Files share the modules of their process: importing them anew for each took longer than all the tests.
    isolate: false,
    // One more than there are cores: the examples and the suites over HTTP mostly wait.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    // No test waits for time: only one that hangs comes near these, also on a busy machine.
    testTimeout: 10 * 60_000,
    hookTimeout: 10 * 60_000,
    reporters: ["default"],
    env: {
      // The AWS SDK warns on Node 20 of versions to come; it would be in the way of every reading.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      // Which of the sweeps' positions are run without QUAYSIDE_SWEEP=full. A failure names it.
      QUAYSIDE_SEED: process.env["QUAYSIDE_SEED"] ?? String(Date.now() % 100_000),
    },
    expandSnapshotDiff: true,
    coverage: { include: ["src/**"], reporter: ["text-summary", "html"] },
  },
});
