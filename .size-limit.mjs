import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";

/** The files that an import of an entry loads: with what they import, but without what they load later. */
function loadedBy(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, imported] of readFileSync(file, "utf8").matchAll(
    /^(?:import|export|\})[^\n(]*"(\.[^"]+)";$/gm,
  ))
    loadedBy(join(dirname(file), imported), found);
  return found;
}

const parts = (folder, suffix) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(suffix))
    .map((file) => join(folder, file));

/** The file of a module that is loaded by `import()`. */
const loadedLater = (module) =>
  join(
    "dist",
    readdirSync("dist").find((file) => file.startsWith(`${module}-`) && file.endsWith(".js")),
  );

export default [
  { name: "quayside (ESM), to describe", path: [...loadedBy("dist/index.js")], limit: "130 kB" },
  {
    name: "quayside (ESM), with its operations",
    path: [
      ...loadedBy(loadedLater("connection"), loadedBy(loadedLater("operations"), loadedBy("dist/index.js"))),
    ],
    limit: "340 kB",
  },
  { name: "quayside/local (ESM)", path: [...loadedBy("dist/local/index.js")], limit: "224 kB" },
  { name: "declarations", path: parts("dist", ".d.ts"), limit: "74 kB" },
];
