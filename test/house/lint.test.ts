import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
import { expect, test } from "vitest";

// The project's own configuration; only what needs the types of files that do not exist is off.
const eslint = new ESLint({ overrideConfig: tseslint.configs.disableTypeChecked });

test.each([
  "console.log(1);",
  "process.exit(1);",
  "export const a = process.argv;",
  `import { type Task } from "@aws-sdk/client-ecs"; export type T = Task;`,
])("lint refuses code that prints, exits, reads the command line or loads a client: %s", async (code) => {
  const [result] = await eslint.lintText(code, { filePath: "src/operations/deploy.ts" });
  expect(result?.messages).toHaveLength(1);
});
