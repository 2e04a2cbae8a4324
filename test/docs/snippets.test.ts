import { execFile } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Cloud } from "../../src/index.js";
import { localCloud } from "../../src/local/index.js";
import { markdownFiles, withoutGenerated } from "./pages.js";

const SNIPPETS = "docs/snippets";
const files = readdirSync(SNIPPETS).filter((file) => file !== "support.ts");
/** This one runs real processes on the real clock, and is a program of its own. */
const PROGRAM = "local.ts";

/** The commands of one-off tasks end; services keep running. */
const ends = { exits: 0, log: ["done"] };
const images = {
  "talk-service": { byCommand: { "node migrate.mjs": ends, "node import.mjs": ends } },
  load: ends,
};

describe("the documentation's snippets", () => {
  beforeEach(() => {
    vi.spyOn(console, "log").mockReturnValue();
    vi.spyOn(console, "error").mockReturnValue();
    vi.spyOn(process.stderr, "write").mockReturnValue(true);
  });
  afterEach(() => void vi.restoreAllMocks());
  // What the guide to reporters draws.
  afterAll(() => rmSync("deploy.html", { force: true }));

  test.each(files.filter((file) => file !== PROGRAM))("%s runs on the local cloud", async (file) => {
    const { default: run } = (await import(path.resolve(SNIPPETS, file))) as {
      default: (cloud: Cloud) => unknown;
    };
    await using cloud = localCloud({ clock: "virtual", seed: 1, images });
    await run(cloud);
  });
});

test("local.ts gets an answer from the example's service, as the README says", async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", path.resolve(SNIPPETS, PROGRAM)],
    { cwd: "examples", env: { ...process.env, TSX_TSCONFIG_PATH: path.resolve("tsconfig.json") } },
  );
  expect(stdout).toMatch(/^Talk details returned by /);
});

test("every snippet is shown, and every block of TypeScript in the documentation is a snippet", () => {
  const pages = markdownFiles().filter(withoutGenerated);
  const shown = new Set(
    pages
      .flatMap(({ text }) => [...text.matchAll(/^<<< @\/snippets\/([^#]+)#([\w-]+)/gm)])
      .map(([, f, r]) => `${f}#${r}`),
  );
  const readme = [...readFileSync("README.md", "utf8").matchAll(/<!-- docs\/snippets\/([^ ]+) -->/g)];
  for (const [, places = ""] of readme) {
    const [file, regions = ""] = places.split("#");
    for (const region of regions.split(",")) shown.add(`${file}#${region}`);
  }
  const regions = files.flatMap((file) =>
    [...readFileSync(path.join(SNIPPETS, file), "utf8").matchAll(/\/\/ #region ([\w-]+)/g)].map(
      ([, region]) => `${file}#${region}`,
    ),
  );
  expect([...shown].sort()).toEqual(regions.sort());
  expect(
    pages.filter(({ text }) => /^```(?:ts|typescript|js)\b/m.test(text)).map(({ file }) => file),
  ).toEqual([]);
});
