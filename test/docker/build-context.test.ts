import { afterEach, beforeEach, expect, test } from "vitest";
import { readBuildContext } from "../../src/docker/build-context.js";
import { contextWarnings } from "../../src/docker/context-warnings.js";
import { Sources } from "./sources.js";

let sources: Sources;
beforeEach(async () => {
  sources = await Sources.create({ Dockerfile: "FROM scratch\n", "src/a.txt": "a", "src/b.txt": "b" });
});
afterEach(() => sources[Symbol.asyncDispose]());

const read = (dockerfile = "Dockerfile") => readBuildContext({ directory: sources.directory, dockerfile });
const hash = async (dockerfile?: string) => (await read(dockerfile)).hash;

test("the hash is that of another directory with the same content, whenever it was written", async () => {
  await using twin = await Sources.create({
    "src/b.txt": "b",
    "src/a.txt": "a",
    Dockerfile: "FROM scratch\n",
  });
  expect((await readBuildContext({ directory: twin.directory, dockerfile: "Dockerfile" })).hash).toBe(
    await hash(),
  );
});

test.each([
  [
    "moves from one file to the next",
    async () => void (await sources.write("src/a.txt", "ab"), await sources.write("src/b.txt", "")),
  ],
  ["is in a file of another name", () => sources.write("src/c.txt", "")],
  ["becomes a link", () => sources.link("src/link", "a.txt")],
  ["can be run", () => sources.write("src/a.txt", "a", 0o755)],
])("the hash is another when content %s", async (_, change) => {
  const before = await hash();
  await change();
  expect(await hash()).not.toBe(before);
});

test("write permissions of the group do not count: they depend on the user's umask", async () => {
  const before = await hash();
  await sources.write("src/a.txt", "a", 0o664);
  expect(await hash()).toBe(before);
});

test("files that .dockerignore excludes do not count, and its exceptions do", async () => {
  await sources.write(".dockerignore", "# comment\n*\n!src\nsrc/*.log\n!src/keep/**\n**/node_modules\n");
  const before = await hash();
  await sources.write("README.md", "docs");
  await sources.write("src/x.log", "noise");
  await sources.write("src/node_modules/m/index.js", "module");
  expect(await hash()).toBe(before);
  await sources.write("src/keep/c.txt", "c");
  expect(await hash()).not.toBe(before);
});

test("a broken link, or one out of the directory, is treated like any other link", async () => {
  await sources.link("src/nothing", "nowhere");
  await sources.link("src/outside", "/etc");
  expect((await read()).files).toBe(3);
});

test("a Dockerfile's own ignore file takes precedence", async () => {
  await sources.write("other/Dockerfile", "FROM scratch\n");
  await sources.write("other/Dockerfile.dockerignore", "src\n");
  const before = await hash("other/Dockerfile");
  await sources.write("src/a.txt", "changed");
  expect(await hash("other/Dockerfile")).toBe(before);
});

test("a Dockerfile outside of the directory counts, too", async () => {
  await using outside = await Sources.create({ Dockerfile: "FROM scratch\n" });
  const path = `${outside.directory}/Dockerfile`;
  const before = await hash(path);
  await outside.write("Dockerfile", "FROM scratch\nUSER 1\n");
  expect(await hash(path)).not.toBe(before);
});

test("a missing Dockerfile is an error with its expected path", async () => {
  await expect(read("missing")).rejects.toMatchObject({
    code: "no-dockerfile",
    fix: expect.stringContaining("dockerfile"),
  });
});

test("a large context causes a warning with its largest directories", async () => {
  const context = await read();
  expect(contextWarnings(context)).toEqual([]);
  const largest = [
    { name: "node_modules", bytes: 200_000_000 },
    { name: "data", bytes: 90_000_000 },
    { name: "src", bytes: 2_000_000 },
    { name: "docs", bytes: 1_000 },
  ];
  expect(contextWarnings({ ...context, directory: "talk", bytes: 292_001_000, largest })).toEqual([
    "the build context talk is 292 MB large, mostly node_modules (200 MB), data (90 MB), src (2 MB): exclude files that the image does not need with .dockerignore",
  ]);
});
