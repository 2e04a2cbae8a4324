import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { haveTools, programIn, tool } from "./consumer-tools.js";
import { packedProject, type Project } from "./packed.js";

const installed = await haveTools();
/** Skipped where the tools are not installed: `QUAYSIDE_REQUIRE=consumers` installs them. */
const withTools = test.skipIf(!installed);

let project: Project;
beforeAll(async () => {
  project = await packedProject();
});
afterAll(() => project.remove());

/** A deploy, a release that `verify` asks, and a real listener: what reaches every dependency. */
const body = `
  const cloud = localCloud({ clock: "virtual", images: { "talk:2": { answers: { "/*": { body: "two" } } } } });
  const talk = new Deployment("talk").image("talk:1").port(8080).cluster("conference").behindAlb("alb");
  await talk.blueGreen({}).on(cloud).deploy();
  let answer = "";
  const verify = async ({ fetch }) => void (answer = await (await fetch("/")).text());
  await talk.image("talk:2").blueGreen({ verify }).on(cloud).deploy();
  await cloud.close();
  const real = localCloud({ timeScale: 100 });
  const { url } = await talk.on(real).deploy({ timeout: "5h" });
  const { status } = await fetch(url);
  await real.close();`;

const esm = `
  import { Deployment } from "quayside";
  import { localCloud } from "quayside/local";
  ${body}
  console.log(answer, status);`;
const commonJs = `
  const { Deployment } = require("quayside");
  const { localCloud } = require("quayside/local");
  (async () => {
    ${body}
    console.log(answer, status);
  })();`;

const runs = async (program: string, args: readonly string[], files?: Readonly<Record<string, string>>) =>
  expect((await project.run(program, args, files)).stdout).toBe("two 200\n");

test("this Node.js runs it from ESM and from CommonJS", async () => {
  await runs(process.execPath, ["main.mjs"], { "main.mjs": esm });
  await runs(process.execPath, ["main.cjs"], { "main.cjs": commonJs });
});

describe.each(["node-20", "node-22", "node-24"])("%s", (name) => {
  withTools("runs it from ESM and from CommonJS", async () => {
    const program = process.platform === "win32" ? tool(name, "bin", "node.exe") : tool(name, "bin", "node");
    await runs(program, ["main.mjs"], { "main.mjs": esm });
    await runs(program, ["main.cjs"], { "main.cjs": commonJs });
  });
});

withTools("Bun runs it", async () => {
  await runs(await programIn("@oven", "bin", process.platform === "win32" ? "bun.exe" : "bun"), ["bun.mjs"], {
    "bun.mjs": esm,
  });
});

withTools("Deno runs it", async () => {
  const deno = await programIn("@deno", process.platform === "win32" ? "deno.exe" : "deno");
  const args = ["run", "--quiet", "--allow-all", "--no-lock", "--node-modules-dir=manual", "deno.mjs"];
  await runs(deno, args, { "deno.mjs": esm });
});

withTools("esbuild bundles it into one file", async () => {
  const banner =
    'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';
  const options = [
    "--bundle",
    "--platform=node",
    "--format=esm",
    "--outfile=bundle.mjs",
    "--log-level=error",
  ];
  const program = tool("esbuild", "bin", "esbuild");
  await project.run(process.execPath, [program, "to-bundle.mjs", ...options, `--banner:js=${banner}`], {
    "to-bundle.mjs": esm,
  });
  await rm(join(project.directory, "to-bundle.mjs"));
  await runs(process.execPath, ["bundle.mjs"]);
});

const testFile = (imports: string, globals = "") => `
  ${imports}
  ${globals}
  test("a deploy script", async () => {
    ${body}
    expect([answer, status]).toEqual(["two", 200]);
  });`;

/** Tests of a user's, under test runners with a configuration of their own. */
const passes = async (program: string, args: readonly string[], files: Readonly<Record<string, string>>) => {
  const { stdout, stderr } = await project.run(process.execPath, [program, ...args], files);
  expect(`${stdout}${stderr}`).toMatch(/Tests:? +1 passed/);
};

test("Vitest runs a test with it", async () => {
  await passes("../node_modules/vitest/vitest.mjs", ["run", "--root", ".", "vitest.test.mjs"], {
    "vitest.config.mjs": "export default { test: { globals: true } };",
    "vitest.test.mjs": testFile(
      `import { Deployment } from "quayside"; import { localCloud } from "quayside/local";`,
    ),
  });
});

withTools("Jest runs a test with it, in CommonJS", async () => {
  await passes(tool("jest", "bin", "jest.js"), ["--rootDir=.", "--config={}", "jest.test.js"], {
    "jest.test.js": testFile(
      `const { Deployment } = require("quayside"); const { localCloud } = require("quayside/local");`,
    ),
  });
});

const typed = `
  import { Deployment, QuaysideError, type VerifyContext } from "quayside";
  import { localCloud, type CloudState, type LocalCloud } from "quayside/local";
  export const cloud: LocalCloud = localCloud({ clock: "virtual", images: { talk: { answers: (request: Request) => 200 } } });
  export const talk = new Deployment("talk").image("talk:1").port(8080).cluster("conference").behindAlb("alb")
    .blueGreen({ verify: async ({ fetch }: VerifyContext) => void (await fetch("/")) });
  export const deployed = talk.on(cloud).deploy().then(({ url }) => url);
  export const state: CloudState = cloud.state();
  export const count: number | undefined = state.services["conference/talk"]?.runningCount;
  cloud.faults.inject({ service: "ecs", operation: "createService", kind: "throttled" });
  export const refused = () => {
    // @ts-expect-error: an operation of another service
    cloud.faults.inject({ service: "elb", operation: "createService", kind: "throttled" });
    // @ts-expect-error: no cluster
    return new Deployment("talk").image("talk:1").deploy();
  };
  export const code = (error: unknown) => error instanceof QuaysideError && error.code === "access-denied";
`;

withTools("ts-jest runs a test with it, and checks its types", async () => {
  const config = {
    transform: {
      "\\.ts$": [
        tool("ts-jest"),
        { tsconfig: { module: "commonjs", moduleResolution: "node10", strict: true } },
      ],
    },
  };
  await passes(
    tool("jest", "bin", "jest.js"),
    ["--rootDir=.", `--config=${JSON.stringify(config)}`, "typed.test.ts"],
    {
      "typed.ts": typed,
      "typed.test.ts": `
        import { cloud, deployed } from "./typed";
        declare const test: (name: string, run: () => Promise<void>) => void;
        declare const expect: (value: unknown) => { toMatch(pattern: RegExp): void };
        test("a deploy script", async () => {
          expect(await deployed).toMatch(/^http/);
          await cloud.close();
        });`,
    },
  );
});

/** Every way in which users' compilers find the types. */
const WAYS = {
  node10: { module: "commonjs", moduleResolution: "node10" },
  bundler: { module: "esnext", moduleResolution: "bundler" },
  node16: { module: "node16", moduleResolution: "node16" },
};

describe.each([
  { version: "5.4", name: "typescript-5.4", way: "node10" },
  { version: "5.4", name: "typescript-5.4", way: "node16" },
  { version: "5.9", name: "typescript", way: "bundler" },
  { version: "6", name: undefined, way: "node16" },
] as const)("TypeScript $version, moduleResolution $way", ({ name, way }) => {
  const testIt = name === undefined ? test : withTools;
  testIt("compiles it with skipLibCheck false", async () => {
    const compiler = name === undefined ? "../node_modules/typescript/bin/tsc" : tool(name, "bin", "tsc");
    const files = way === "node16" ? ["typed.mts", "typed.cts"] : ["typed.ts"];
    const compilerOptions = {
      ...WAYS[way],
      target: "es2022",
      lib: ["es2022"],
      types: ["node"],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
      ...(name === undefined && { ignoreDeprecations: "6.0" }),
    };
    const { stdout } = await project.run(process.execPath, [compiler, "-p", `tsconfig.${way}.json`], {
      ...Object.fromEntries(files.map((file) => [file, typed])),
      [`tsconfig.${way}.json`]: JSON.stringify({ compilerOptions, files }),
    });
    expect(stdout).toBe("");
  });
});
