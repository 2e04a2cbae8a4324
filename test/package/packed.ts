import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A user's project with the packed package installed. */
export interface Project {
  readonly directory: string;
  /** Writes files, and returns what a program prints. */
  run(
    program: string,
    args: readonly string[],
    files?: Readonly<Record<string, string>>,
  ): Promise<{ stdout: string; stderr: string }>;
  remove(): Promise<void>;
}

/** Packs the package as `npm publish` does, and installs it in a project outside of this repository. */
export async function packedProject(): Promise<Project> {
  if (!(await isBuilt())) await run(process.execPath, ["node_modules/tsup/dist/cli-default.js", "--silent"]);
  const root = await mkdtemp(join(tmpdir(), "quayside-user-"));
  const directory = join(root, "user");
  await mkdir(join(directory, "node_modules"), { recursive: true });
  await writeFile(
    join(directory, "package.json"),
    JSON.stringify({ name: "user", private: true, dependencies: { quayside: "*" } }),
  );
  const npm = { shell: process.platform === "win32" };
  await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", root], npm);
  const [tarball] = (await readdir(root)).filter((file) => file.endsWith(".tgz"));
  await run("tar", ["-xzf", join(root, tarball!), "-C", join(directory, "node_modules")]);
  await run("mv", [join(directory, "node_modules", "package"), join(directory, "node_modules", "quayside")]);
  // Its dependencies are found in the directory above.
  await symlink(resolve("node_modules"), join(root, "node_modules"), "junction");
  return {
    directory,
    async run(program, args, files = {}) {
      for (const [file, text] of Object.entries(files)) {
        await mkdir(join(directory, file, ".."), { recursive: true });
        await writeFile(join(directory, file), text);
      }
      const env = { ...process.env, NO_COLOR: "1", NODE_OPTIONS: "", VITEST: undefined, NODE_ENV: undefined };
      try {
        return await run(program, [...args], { cwd: directory, env });
      } catch (error) {
        // What a compiler or test runner prints is the reason.
        const { stdout, stderr } = error as { stdout: string; stderr: string };
        throw new Error(`${program} ${args.join(" ")}\n${stdout}${stderr}`, { cause: error });
      }
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** True if `dist` is of these sources, as after `npm run check`. */
async function isBuilt(): Promise<boolean> {
  const last = "dist/local/index.d.cts";
  if (!existsSync(last) || !existsSync("dist/local/index.cjs")) return false;
  const built = await stat(last);
  const sources = (await readdir("src", { recursive: true })).map((file) => join("src", file));
  const times = await Promise.all([...sources, "tsup.config.ts", "package.json"].map((file) => stat(file)));
  return times.every(({ mtimeMs }) => mtimeMs < built.mtimeMs);
}
