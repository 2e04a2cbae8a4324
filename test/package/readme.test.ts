import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const readme = readFileSync("README.md", "utf8");

test("the README's examples compile", () => {
  const snippets = [...readme.matchAll(/```ts\n([^]*?)```/g)].map((match) => match[1]!);
  expect(snippets.length).toBeGreaterThan(2);

  const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  const files = new Map(snippets.map((text, index) => [resolve(`readme-${index}.ts`), text]));
  const host = ts.createCompilerHost({ ...options, noUnusedLocals: false });
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, target, ...rest) => {
    const text = files.get(name);
    return text === undefined
      ? getSourceFile(name, target, ...rest)
      : ts.createSourceFile(name, text, target);
  };
  const program = ts.createProgram([...files.keys()], { ...options, noUnusedLocals: false }, host);
  const complaints = [...files.keys()]
    .flatMap((name) => ts.getPreEmitDiagnostics(program, program.getSourceFile(name)))
    .map(
      (each) =>
        `${each.file?.fileName.split("/").at(-1)}: ${ts.flattenDiagnosticMessageText(each.messageText, "\n")}`,
    );
  expect(complaints).toEqual([]);
});
