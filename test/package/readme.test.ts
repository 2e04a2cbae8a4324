import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

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

describe("the README's permissions", () => {
  const prefixes: Record<string, string> = {
    Ecs: "ecs",
    Ec2: "ec2",
    Ecr: "ecr",
    Elb: "elasticloadbalancing",
    AutoScaling: "autoscaling",
    ApplicationAutoScaling: "application-autoscaling",
    CloudWatch: "cloudwatch",
    Iam: "iam",
    Ssm: "ssm",
    Logs: "logs",
    Scheduler: "scheduler",
    Tagging: "tag",
    Acm: "acm",
    Sts: "sts",
  };

  const portFiles = readdirSync("src/aws/api");

  const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter(
      (file) => file.endsWith(".ts") && !file.startsWith("local") && !file.startsWith(join("aws", "api")),
    )
    .map((file) => readFileSync(join("src", file), "utf8"))
    .join("\n");

  /** `ecs:CreateCluster` for each operation of a port that something in the library calls. */
  function calledActions(): string[] {
    const ports = portFiles.map((file) => readFileSync(join("src", "aws", "api", file), "utf8")).join("\n");
    return [...ports.matchAll(/export interface (\w+)Api \{([^]*?)\n\}/g)].flatMap(([, port, body]) =>
      [...body!.matchAll(/^ {2}(\w+):/gm)]
        .map((match) => match[1]!)
        .filter((operation) => new RegExp(`\\b${operation}\\(`).test(sources))
        .map((operation) => `${prefixes[port!]}:${operation[0]!.toUpperCase()}${operation.slice(1)}`),
    );
  }

  test("name every action that the library calls", () => {
    const called = calledActions();
    expect(called.length).toBeGreaterThan(50);
    // AWS allows this one to everybody, even against a policy that denies it.
    const free = "sts:GetCallerIdentity";
    expect(called.filter((action) => action !== free && !readme.includes(`"${action}"`))).toEqual([]);
  });
});
