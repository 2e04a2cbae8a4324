import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
import { describe, expect, test } from "vitest";

// The project's own configuration; only what needs the types of files that do not exist is off.
const eslint = new ESLint({ overrideConfig: tseslint.configs.disableTypeChecked });

async function complaints(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: `src/${file}` });
  return (result?.messages ?? [])
    .filter((message) => message.ruleId !== "@typescript-eslint/no-unused-vars")
    .map((message) => message.message);
}

const value = (from: string) => `import { x } from "${from}"; x();`;

describe("imports point one way", () => {
  test.each([
    ["spec/size.ts", "../engine/plan.js"],
    ["engine/apply.ts", "../aws/ports.js"],
    ["engine/apply.ts", "../service/service.js"],
    ["engine/plan.ts", "../report/plan-text.js"],
    ["aws/retry.ts", "../cluster/cluster.js"],
    ["service/service.ts", "../cluster/cluster.js"],
    ["service/service.ts", "../act/deploy.js"],
    ["act/deploy.ts", "../deployment.js"],
    ["deployment.ts", "./index.js"],
    ["report/plan-text.ts", "../aws/tags.js"],
    ["local/services/ecs/handlers.ts", "../../../service/service.js"],
    ["local/services/ecs/handlers.ts", "../../../aws/tags.js"],
    ["local/services/ecs/handlers.ts", "../../../engine/graph.js"],
    ["errors.ts", "./engine/plan.js"],
    ["deployment.ts", "./local/index.js"],
    ["index.ts", "./local/index.js"],
  ])("%s may not import %s", async (file, from) => {
    expect(await complaints(file, value(from))).toEqual([expect.stringContaining(`${file} may not import`)]);
  });

  test.each([
    ["engine/apply.ts", "../spec/size.js"],
    ["aws/retry.ts", "../engine/clock.js"],
    ["service/service.ts", "../aws/tags.js"],
    ["service/service.ts", "./target-group.js"],
    ["act/deploy.ts", "../report/plan-text.js"],
    ["act/deploy.ts", "../cluster/cluster.js"],
    ["deployment.ts", "./cluster.js"],
    ["deployment.ts", "./act/deploy.js"],
    ["index.ts", "./deployment.js"],
    ["local/services/ecs/handlers.ts", "../../../aws/ports.js"],
    ["local/services/ecs/handlers.ts", "../../../engine/clock.js"],
    ["service/service.ts", "../errors.js"],
  ])("%s may import %s", async (file, from) => {
    expect(await complaints(file, value(from))).toEqual([]);
  });

  test("one domain may use another's types, and only those", async () => {
    expect(
      await complaints("service/a.ts", `import type { X } from "../cluster/b.js"; export type Y = X;`),
    ).toEqual([]);
    expect(await complaints("service/a.ts", `export * from "../cluster/b.js";`)).toHaveLength(1);
    expect(
      await complaints("service/a.ts", `export const b = () => import("../cluster/b.js");`),
    ).toHaveLength(1);
  });

  test("a folder that the list does not know is refused", async () => {
    expect(await complaints("utils/a.ts", value("../spec/b.js"))).toEqual([
      expect.stringContaining("utils/ is not in the list"),
    ]);
  });
});

describe("AWS clients load only when something is sent", () => {
  const ecs = "@aws-sdk/client-ecs";

  test.each([
    ["a value", "service/a.ts", `import { ECSClient } from "${ecs}"; export const c = ECSClient;`],
    [
      "an inline type, which leaves the import behind",
      "service/a.ts",
      `import { type Task } from "${ecs}"; export type T = Task;`,
    ],
    ["a lazy import in the wrong place", "service/a.ts", `export const c = () => import("${ecs}");`],
    [
      "a value where clients are made",
      "aws/aws-cloud.ts",
      `import { ECSClient } from "${ecs}"; export const c = ECSClient;`,
    ],
    ["another package of the SDK", "aws/retry.ts", `export { x } from "@smithy/core";`],
  ])("%s is refused", async (_, file, code) => {
    expect(await complaints(file, code)).toContainEqual(
      expect.stringContaining("only aws/aws-cloud.ts loads clients"),
    );
  });

  test("types are free, and the cloud imports lazily", async () => {
    expect(
      await complaints("service/a.ts", `import type { Task } from "${ecs}"; export type T = Task;`),
    ).toEqual([]);
    expect(await complaints("aws/aws-cloud.ts", `export const c = () => import("${ecs}");`)).toEqual([]);
  });
});

test.each(["console.log(1);", "process.exit(1);", "export const a = process.argv;"])(
  "the library never prints, exits or reads the command line: %s",
  async (code) => {
    expect(await complaints("act/deploy.ts", code)).toHaveLength(1);
  },
);
