/*
 * What the package costs its users: the time of its import beside that of an empty process, and what is installed
 * with it.
 *
 *   npm run build && npm run bench:package
 */
import { execFileSync } from "node:child_process";
import { lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const RUNS = 25;
const MEGABYTE = 2 ** 20;
const dist = resolve("dist");

const folder = mkdtempSync(join(tmpdir(), "quayside-bench-"));
try {
  measureImports();
  measureInstalled();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Minima of fresh processes, in turns: a module that imports quayside, and one of its kind that imports nothing. */
function measureImports(): void {
  const programs = {
    "empty.mjs": "",
    "imports.mjs": `import ${JSON.stringify(join(dist, "index.js"))};`,
    "empty.cjs": "",
    "requires.cjs": `require(${JSON.stringify(join(dist, "index.cjs"))});`,
  };
  for (const [file, code] of Object.entries(programs)) writeFileSync(join(folder, file), code);
  const best = new Map<string, number>();
  for (let run = 0; run < RUNS; run++)
    for (const file of Object.keys(programs)) {
      const began = performance.now();
      execFileSync(process.execPath, [join(folder, file)]);
      best.set(file, Math.min(best.get(file) ?? Infinity, performance.now() - began));
    }
  console.log(`Milliseconds of a fresh process, minima of ${RUNS}`);
  for (const [kind, file, empty] of [
    ["ES module", "imports.mjs", "empty.mjs"],
    ["CommonJS", "requires.cjs", "empty.cjs"],
  ] as const) {
    const [ours, nothing] = [best.get(file)!, best.get(empty)!];
    console.log(
      `  ${kind.padEnd(10)} ${nothing.toFixed(0)} empty, ${ours.toFixed(0)} with quayside: +${(ours - nothing).toFixed(0)}`,
    );
  }
}

function measureInstalled(): void {
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const packed = run("npm", "pack", resolve("."), "--silent", "--ignore-scripts").trim().split("\n").at(-1)!;
  run("npm", "init", "-y");
  run("npm", "install", "--no-audit", "--no-fund", "--silent", `./${packed}`);
  const modules = join(folder, "node_modules");
  const packages = readdirSync(modules)
    .filter((name) => !name.startsWith("."))
    .flatMap((name) =>
      name.startsWith("@") ? readdirSync(join(modules, name)).map((own) => `${name}/${own}`) : name,
    );
  const sizes = packages
    .map((name) => ({ name, blocks: blocksOf(join(modules, name)) }))
    .sort((one, other) => other.blocks - one.blocks);
  const all = sizes.reduce((sum, { blocks }) => sum + blocks, 0);
  console.log(`Installed: ${megabytes(all)} MB on disk, ${packages.length} packages; the largest:`);
  for (const { name, blocks } of sizes.slice(0, 15))
    console.log(`  ${megabytes(blocks).padStart(5)}  ${name}`);
}

/** Bytes on disk, in whole blocks. */
function blocksOf(path: string): number {
  const entry = lstatSync(path);
  const own = entry.blocks * 512;
  if (!entry.isDirectory()) return own;
  return readdirSync(path).reduce((sum, name) => sum + blocksOf(join(path, name)), own);
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(1);
}
