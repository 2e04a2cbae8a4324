import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";

let root: string;

/** The package with a build of one minute ago, of sources that are two minutes old. */
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "quayside-publish-"));
  const {
    scripts,
    devDependencies: _,
    ...rest
  } = JSON.parse(await readFile("package.json", "utf8")) as {
    scripts: Record<string, string>;
    devDependencies: unknown;
    version: string;
  };
  await write("package.json", JSON.stringify({ ...rest, scripts }), 2);
  await write("CHANGELOG.md", `# Changelog\n\n## ${rest.version} (2026-12-01)\n\n- First.\n`, 2);
  for (const file of ["README.md", "LICENSE", "src/index.ts", "src/private.ts", "test/a.test.ts"])
    await write(file, "text", 2);
  for (const entry of ["index", "local/index"])
    for (const end of ["js", "cjs", "d.ts", "d.cts"]) await write(`dist/${entry}.${end}`, "", 1);
  await write("dist/quayside-local.js", "", 1);
  await cp("scripts", path.join(root, "scripts"), { recursive: true });
});

afterEach(() => rm(root, { recursive: true, force: true }));

async function write(file: string, text: string, minutesAgo: number): Promise<void> {
  const target = path.join(root, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, text);
  const time = new Date(Date.now() - minutesAgo * 60_000);
  await utimes(target, time, time);
}

/** Returns what npm says, and the files that it would publish. */
async function publish(): Promise<{
  readonly failed: boolean;
  readonly text: string;
  readonly files: readonly string[];
}> {
  const run = promisify(execFile)(
    "npm",
    ["publish", "--dry-run", "--json", "--registry", "http://127.0.0.1:9/", "--fetch-retries", "0"],
    {
      cwd: root,
      shell: process.platform === "win32",
    },
  );
  const { stdout, stderr, failed } = await run.then(
    (result) => ({ ...result, failed: false }),
    (error: { stdout: string; stderr: string }) => ({ ...error, failed: true }),
  );
  const files = failed ? [] : packed(JSON.parse(stdout) as Packed | Record<string, Packed>);
  return { failed, text: stderr + stdout, files };
}

interface Packed {
  readonly files: readonly { readonly path: string }[];
}

/** npm 11 prints the package under its name, npm 10 as it is. */
function packed(result: Packed | Record<string, Packed>): readonly string[] {
  const { files } = (Array.isArray(result["files"]) ? result : Object.values(result)[0]) as Packed;
  return files.map(({ path }) => path);
}

test("npm publish --dry-run packs the build, its declarations, README, changelog and license, and nothing else", async () => {
  const { files, text } = await publish();
  expect(files.filter((file) => !file.startsWith("dist/")).sort(), text).toEqual([
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "package.json",
  ]);
  expect(files.filter((file) => file.startsWith("dist/")).length).toBe(9);
});

test("npm publish --dry-run refuses a build that is older than a source", async () => {
  await write("src/private.ts", "changed", 0);
  expect(await publish()).toMatchObject({
    failed: true,
    text: expect.stringContaining("dist is older than src/private.ts. Run npm run build.") as string,
  });
});

test("npm publish --dry-run refuses without a build", async () => {
  await rm(path.join(root, "dist"), { recursive: true });
  const { failed, text } = await publish();
  expect(failed).toBe(true);
  expect(text).toContain("./dist/local/index.d.cts");
});

test("npm publish --dry-run refuses a version that the changelog does not name", async () => {
  await write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n- Something.\n", 2);
  expect(await publish()).toMatchObject({
    failed: true,
    text: expect.stringContaining('the first heading of CHANGELOG.md is "Unreleased"') as string,
  });
});
