/* Prints the changelog's part about the version of package.json, without its heading. */
import { readFileSync } from "node:fs";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const parts = readFileSync("CHANGELOG.md", "utf8").split(/^## /m);
const part = parts.find((each) => each.split(/\s/, 1)[0] === version);
if (part === undefined) {
  console.error(`CHANGELOG.md has no heading for ${version}`);
  process.exit(1);
}
console.log(part.slice(part.indexOf("\n") + 1).trim());
