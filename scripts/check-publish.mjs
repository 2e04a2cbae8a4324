/*
 * Refuses to publish what was not built from these sources, or what the changelog does not describe:
 * `prepublishOnly` of package.json, which `npm publish --dry-run` runs, too.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

const SOURCES = ["src", "package.json", "tsup.config.ts", "tsconfig.json"];

const problems = [...problemsOfBuild(), ...problemsOfChangelog()];
for (const problem of problems) console.error(`Not published: ${problem}`);
if (problems.length > 0) process.exit(1);

function problemsOfBuild() {
  const { exports: entries, bin } = readPackage();
  const files = [...textsIn(entries), ...Object.values(bin ?? {})].filter((file) =>
    file.startsWith("./dist/"),
  );
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length > 0) return [`${missing.join(", ")} was not built. Run npm run build.`];
  const built = Math.min(...timesOf(["dist"]).map(({ time }) => time));
  const newer = timesOf(SOURCES).filter(({ time }) => time > built);
  if (newer.length === 0) return [];
  return [
    `dist is older than ${newer[0].file}${newer.length > 1 ? ` and ${newer.length - 1} more` : ""}. Run npm run build.`,
  ];
}

function problemsOfChangelog() {
  const { version } = readPackage();
  const changelog = readFileSync("CHANGELOG.md", "utf8");
  const [, first = ""] = /^## (.+)$/m.exec(changelog) ?? [];
  if (first.startsWith(version)) return [];
  return [
    `the first heading of CHANGELOG.md is "${first}", not "${version}": name the version, and its date.`,
  ];
}

function readPackage() {
  return JSON.parse(readFileSync("package.json", "utf8"));
}

/** The texts in nested conditions of `exports`. */
function textsIn(value) {
  return typeof value === "string" ? [value] : Object.values(value).flatMap(textsIn);
}

/** The times of files, and of all files in folders. */
function timesOf(places) {
  return places.filter(existsSync).flatMap((place) => {
    const stats = statSync(place);
    if (!stats.isDirectory()) return [{ file: place, time: stats.mtimeMs }];
    return timesOf(readdirSync(place).map((name) => path.join(place, name)));
  });
}
