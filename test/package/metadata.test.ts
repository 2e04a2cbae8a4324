import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { QuaysideError } from "../../src/index.js";

const read = (file: string): string => readFileSync(file, "utf8");
const metadata = JSON.parse(read("package.json")) as {
  version: string;
  homepage: string;
  repository: { url: string };
  bugs: string;
  engines: { node: string };
  publishConfig: object;
  dependencies: Record<string, string>;
};
const repository = metadata.repository.url.replace(/^git\+|\.git$/g, "");

test("every address of the repository and of the documentation is that of package.json", () => {
  const files = execFileSync("git", ["ls-files"], { encoding: "utf8" })
    .split("\n")
    .filter((file) => /\.(?:md|ya?ml|ts|mjs|json)$/.test(file) && !file.startsWith("test/recordings/"));
  const owner = new URL(repository).pathname.split("/")[1]!;
  const found = files.flatMap((file) =>
    [
      ...read(file).matchAll(
        /https:\/\/(?:github\.com\/[\w-]+\/quayside|[\w-]+\.github\.io\/quayside)(?![\w-])/g,
      ),
    ].map(([address]) => ({ file, address })),
  );
  expect(found.length).toBeGreaterThan(10);
  const known = [repository, metadata.homepage];
  expect(found.filter(({ address }) => !known.includes(address))).toEqual([]);
  expect(metadata.homepage).toBe(`https://${owner}.github.io/quayside`);
  expect(metadata.bugs).toBe(`${repository}/issues`);
});

test("an error carries the address of its code's place", () => {
  const { docs } = new QuaysideError("no-egress", "There is no way out");
  expect(docs).toBe(`${metadata.homepage}/troubleshooting/errors#no-egress`);
});

test("the versions of Node.js in package.json, CI and the FAQ agree", () => {
  expect(metadata.engines.node).toBe("^20.19.0 || >=22.12.0");
  expect(read(".github/workflows/ci.yml")).toContain("node: [20.19.0, 22, 24]");
  expect(read("docs/faq.md")).toContain("20.19 and newer of 20, 22.12 and newer; CI runs 20, 22 and 24");
});

test("the SDK's clients are updated together", () => {
  const clients = Object.entries(metadata.dependencies).filter(([name]) =>
    /^@(?:aws-sdk|smithy)\//.test(name),
  );
  expect(clients.length).toBeGreaterThan(10);
  expect(clients.filter(([, range]) => !/^\^\d+\.\d+\.\d+$/.test(range))).toEqual([]);
  expect(read(".github/dependabot.yml")).toContain('aws-sdk: { patterns: ["@aws-sdk/*", "@smithy/*"] }');
});

test("workflows ask for no more than they need, and no token is stored for npm", () => {
  for (const file of readdirSync(".github/workflows")) {
    const workflow = read(`.github/workflows/${file}`);
    expect(workflow, file).toMatch(/^permissions: \{ contents: read \}$/m);
    expect(workflow, file).not.toContain("NPM_TOKEN");
  }
  expect(metadata.publishConfig).toEqual({ access: "public", provenance: true });
});
