import { execFileSync } from "node:child_process";
import { describe, test } from "vitest";

/** `QUAYSIDE_REQUIRE=browser` (CI): a missing browser is a failure, not a skip. */
const isRequired = (process.env["QUAYSIDE_REQUIRE"] ?? "").split(",").includes("browser");

/** The path of Chromium on this computer; `undefined` if there is none. */
export const chromium = ["chromium", "chromium-browser", "google-chrome"].map(pathOf).find(Boolean);

function pathOf(command: string): string | undefined {
  try {
    return execFileSync("which", [command], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}

/** A suite that needs Chromium: skipped without one, unless it is required. */
export const describeInBrowser = (title: string, suite: () => void): void => {
  if (chromium === undefined && isRequired) {
    test(title, () => {
      throw new Error("chromium is not on PATH, and QUAYSIDE_REQUIRE says that it must be");
    });
    return;
  }
  describe.skipIf(chromium === undefined)(title, suite);
};
