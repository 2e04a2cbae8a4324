import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    watch: false,
    globalSetup: ["test/moto/warn-if-moto-missing.ts"],
    // Generous: nothing here waits for time, so only a hang ever comes near it.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ["default"],
    // The AWS SDK warns on Node 20 of versions to come; it would be in the way of every reading.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    expandSnapshotDiff: true,
    coverage: { include: ["src/**"], reporter: ["text-summary", "html"] },
  },
});
