import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** `QUAYSIDE_REQUIRE=consumers` (CI): tools that cannot be installed are a failure, not a skip. */
const isRequired = (process.env["QUAYSIDE_REQUIRE"] ?? "").split(",").includes("consumers");

const platform = process.platform === "win32" ? "win" : process.platform;
const node = (version: string): string => `npm:node-${platform}-${process.arch}@${version}`;

/** What the users' programs run with. */
const TOOLS = {
  jest: "30.5.2",
  "ts-jest": "29.4.15",
  esbuild: "0.28.2",
  // The one that ts-jest uses, too.
  typescript: "5.9.3",
  "typescript-5.4": "npm:typescript@5.4.5",
  // The first one that quayside supports.
  "node-20": node("20.19.0"),
  "node-22": node("22.23.3"),
  "node-24": node("24.21.0"),
  bun: "1.4.5",
  deno: "2.9.6",
};

const folder = resolve("node_modules", ".cache", "quayside-consumers");
export const tool = (...path: string[]): string => join(folder, "node_modules", ...path);

/**
 * True if the tools are installed in `node_modules/.cache`. They are large, so that only CI installs them, or
 * `QUAYSIDE_REQUIRE=consumers npx vitest run test/package/consumers`.
 */
export async function haveTools(): Promise<boolean> {
  const wanted = JSON.stringify({ private: true, dependencies: TOOLS });
  const file = join(folder, "package.json");
  const isInstalled = existsSync(tool(".package-lock.json")) && (await readFile(file, "utf8")) === wanted;
  if (isInstalled || !isRequired) return isInstalled;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(file, wanted);
  // The scripts would download once more what the packages for this platform contain.
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--prefer-offline"];
  await run("npm", ["install", ...options], { cwd: folder, shell: process.platform === "win32" });
  return true;
}

/** The program in a package for this platform: `@oven/bun-linux-x64/bin/bun`. */
export async function programIn(scope: string, ...path: string[]): Promise<string> {
  for (const name of (await readdir(tool(scope))).sort()) {
    const file = tool(scope, name, ...path);
    if (existsSync(file)) return file;
  }
  throw new Error(`${scope} has no package with ${path.join("/")}`);
}
