import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { describe, test } from "vitest";
import { motoIsThere } from "../moto/moto-server.js";

const run = promisify(execFile);

export const onPath = (program: string): string | undefined =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));

/** What the suite needs and this computer lacks. */
function missing(): string | undefined {
  for (const program of ["docker", "docker-registry", "busybox"]) {
    if (onPath(program) === undefined) return `${program} is not on PATH`;
  }
  if (!motoIsThere) return "moto_server is not on PATH";
  // A single check without a retry: an engine that does not respond counts as missing.
  const asked = spawnSync("docker", ["version", "--format", "{{.Server.Version}}"], { timeout: 10_000 });
  return asked.status === 0 ? undefined : "no Docker engine answers";
}

const why = missing();
/** `QUAYSIDE_REQUIRE=docker` (CI): a missing engine is a failure, not a skip. */
const isRequired = (process.env["QUAYSIDE_REQUIRE"] ?? "").split(",").includes("docker");

/** A suite that builds with a real Docker engine, and pushes to a real registry. */
export function describeWithDocker(title: string, suite: () => void): void {
  if (why === undefined) describe(title, suite);
  else if (isRequired) {
    test(title, () => {
      throw new Error(`${why}, and QUAYSIDE_REQUIRE says that it must be`);
    });
  } else describe.skip(`${title} (skipped: ${why})`, suite);
}

export const docker = async (...args: string[]): Promise<string> => (await run("docker", args)).stdout.trim();

/** Other Docker clients of this computer, distinguished by their version: each may build differently. */
export async function otherClients(): Promise<string[]> {
  const found = new Map<string, string>();
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, "docker");
    if (existsSync(path) && !found.has(await realpath(path))) found.set(await realpath(path), folder);
  }
  return [...found.values()].slice(1);
}

/** A base image with this computer's busybox only: nothing is pulled. */
export async function importBase(name: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "quayside-base-"));
  try {
    await mkdir(join(folder, "root", "bin"), { recursive: true });
    await mkdir(join(folder, "root", "tmp"));
    const busybox = join(folder, "root", "bin", "busybox");
    await copyFile(onPath("busybox")!, busybox);
    await chmod(busybox, 0o755);
    await run("sh", ["-c", "ln -s busybox root/bin/sh && tar -C root -cf base.tar ."], { cwd: folder });
    await docker("import", "--change", "ENV PATH=/bin", join(folder, "base.tar"), name);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
