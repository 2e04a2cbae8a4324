import { execFileSync } from "node:child_process";
import { describe } from "vitest";
import { withoutBrowser } from "../browser/chromium.js";

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
export const describeInBrowser = describe.skipIf(withoutBrowser);
