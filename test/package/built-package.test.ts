import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const run = promisify(execFile);

// Inside node_modules, so that the built package finds its dependencies, and nobody else finds it.
const root = join("node_modules", ".cache", `quayside-built-${process.pid}`);
const built = join(root, "quayside");
const user = join(root, "user");

beforeAll(async () => {
  await mkdir(join(user, "node_modules"), { recursive: true });
  await cp("package.json", join(root, "quayside", "package.json"));
  await run(process.execPath, [
    "node_modules/tsup/dist/cli-default.js",
    "--no-dts",
    "--silent",
    "--out-dir",
    join(built, "dist"),
  ]);
  await symlink(join("..", "..", "quayside"), join(user, "node_modules", "quayside"));
});

afterAll(() => rm(root, { recursive: true, force: true }));

/** Runs a script as a user's program that has quayside installed, and reads the JSON that it prints. */
async function asUser(file: string, script: string): Promise<unknown> {
  await writeFile(join(user, file), script);
  const { stdout } = await run(process.execPath, [file], { cwd: user });
  return JSON.parse(stdout);
}

/** Names the clients that a process holds, AWS's and others; they are CommonJS, so this knows all of them. */
const awsModules = `Object.keys(require.cache).map((file) => /node_modules.(@(?:aws-sdk|smithy).[^\\\\/]+|undici|node-forge)/.exec(file)?.[1]).filter(Boolean)`;

const chain = `new Deployment("talk-service").image("talk-service:1").container({ port: 8080 }).cluster("conference-cluster")`;

describe.each([
  {
    from: "ESM",
    file: "main.mjs",
    imports: `import { createRequire } from "node:module";
      const require = createRequire(import.meta.url);
      import * as quayside from "quayside"; import { localCloud } from "quayside/local";`,
  },
  {
    from: "CommonJS",
    file: "main.cjs",
    imports: `const quayside = require("quayside"); const { localCloud } = require("quayside/local");`,
  },
])("the built package from $from", ({ file, imports }) => {
  test("describing a deployment loads no AWS client", async () => {
    const loaded = await asUser(
      `idle-${file}`,
      `${imports}
      const { Deployment } = quayside;
      ${chain};
      console.log(JSON.stringify(${awsModules}));`,
    );
    expect(loaded).toEqual([]);
  });

  test("sending something loads the clients that it needs", async () => {
    const { loaded, code } = (await asUser(
      `busy-${file}`,
      `${imports}
      const { aws, Deployment } = quayside;
      process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
      const refuse = (_, response) => response.writeHead(400, { "x-amzn-errortype": "AccessDeniedException" }).end("{}");
      const server = require("node:http").createServer(refuse).listen(0, "127.0.0.1", () => {
        const endpoint = "http://127.0.0.1:" + server.address().port;
        const cloud = aws({ region: "eu-west-1", endpoint, credentials: { accessKeyId: "a", secretAccessKey: "b" } });
        ${chain}.on(cloud).plan().catch((error) => {
          console.log(JSON.stringify({ code: error.code, loaded: ${awsModules} }));
          server.close();
          server.closeAllConnections();
        });
      });`,
    )) as { loaded: string[]; code: string };
    expect(code).toBe("access-denied");
    expect(loaded).toContain("@aws-sdk/client-ecs");
  });

  test("both entries share their errors, and the local cloud runs a deployment", async () => {
    const result = await asUser(
      `local-${file}`,
      `${imports}
      const { Deployment, QuaysideError, SpecError } = quayside;
      const cloud = localCloud({ clock: "virtual", seed: 1 });
      (async () => {
        const { service } = await ${chain}.on(cloud).deploy();
        const error = await new Deployment("x").image("y").container({ port: 0 }).cluster("c").on(cloud).plan().catch((error) => error);
        await cloud.close();
        console.log(JSON.stringify({ service, ours: error instanceof SpecError && error instanceof QuaysideError, code: error.code }));
      })();`,
    );
    expect(result).toEqual({ service: "talk-service", ours: true, code: "invalid-spec" });
  });
});

test("CommonJS users' bundlers and test runners see plain require calls, and no import()", async () => {
  const files = (await readdir(join(built, "dist"), { recursive: true })).filter((file) =>
    file.endsWith(".cjs"),
  );
  const texts = await Promise.all(files.map((file) => readFile(join(built, "dist", file), "utf8")));
  expect(texts.join("\n")).toContain('require("@aws-sdk/client-ecs")');
  expect(texts.join("\n")).not.toMatch(/__require\(|[^.\w]import\(/);
});
