import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { documentedWords } from "../../docs/generate/documented-union.js";
import { diagnosesPage, errorsPage } from "../../docs/generate/error-pages.js";
import { documentedEvents, eventsPage } from "../../docs/generate/events-page.js";
import { permissionsByFeature } from "../../docs/generate/permissions-page.js";
import { CAUSES } from "../../src/service/rollout/stop-causes.js";
import { markdownFiles, withoutGenerated } from "./pages.js";

const CODES = "src/error-codes.ts";
const codes = documentedWords(CODES, "ErrorCode");
const diagnoses = documentedWords("src/diagnosis-codes.ts", "DiagnosisCode");

/** The places of a generated page, by the anchors of their titles. */
const placesOf = (page: string): ReadonlyMap<string, string> =>
  new Map(
    page
      .split(/^## /m)
      .slice(1)
      .map((place) => [place.split("\n", 1)[0]!, place]),
  );

test("every error code has a place that says what it means and what to do", () => {
  const places = placesOf(errorsPage());
  expect([...places.keys()]).toEqual([...codes.keys()]);
  for (const [code, place] of places) {
    expect(codes.get(code), code).toMatch(/^[A-Z`].{20,}\.$/s);
    expect(place, code).toContain("**What to do**");
  }
});

test("every error code is thrown, and every diagnosis can be made", () => {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/^(?:error|diagnosis)-codes\.ts$/.test(file))
    .map((file) => readFileSync(path.join("src", file), "utf8"))
    .join("\n");
  const unused = [...codes.keys(), ...diagnoses.keys()].filter((code) => !sources.includes(`"${code}"`));
  expect(unused).toEqual([]);
});

test("every diagnosis has a place with its fix and what it is recognized by", () => {
  const places = placesOf(diagnosesPage());
  expect([...places.keys()]).toEqual([...diagnoses.keys()]);
  for (const { code, fix, pattern } of CAUSES) {
    expect(places.get(code), code).toContain(fix.replaceAll("`", "`"));
    expect(places.get(code), code).toContain(pattern.source);
  }
  for (const [code, meaning] of diagnoses) expect(meaning, code).toMatch(/^[A-Z].{20,}\.$/s);
});

test("every event has a place with its fields", () => {
  const events = documentedEvents();
  const places = placesOf(eventsPage());
  expect([...places.keys()]).toEqual(events.map(({ type }) => type));
  for (const { type, fields } of events) {
    expect(places.get(type), type).not.toContain("undefined\n");
    for (const { name } of fields) expect(places.get(type), type).toContain(`| \`${name}\` |`);
  }
});

test("every feature of the page of permissions says its actions", () => {
  const page = permissionsByFeature();
  expect(page).toContain('### `.blueGreen({ keepOld: "3d" })`');
  expect(page).toMatch(/### `\.image\("\.\/directory"\)`[^#]*\*\*ecr\*\*: .*`PutImage`/);
});

test("every option has a doc comment, from which its place in the reference is made", () => {
  const entries = ["src/index.ts", "src/local/index.ts"].map((file) => path.resolve(file));
  const config = ts.readConfigFile("tsconfig.json", (file) => ts.sys.readFile(file));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, process.cwd());
  const program = ts.createProgram({ rootNames: entries, options });
  const checker = program.getTypeChecker();
  const isDocumented = (symbol: ts.Symbol): boolean =>
    symbol.getDocumentationComment(checker).length > 0 || symbol.getJsDocTags(checker).length > 0;
  const missing = entries.flatMap((file) => {
    const entry = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
    return checker.getExportsOfModule(entry).flatMap((exported) => {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const isOptions = /Options$/.test(symbol.name);
      const members = isOptions ? checker.getDeclaredTypeOfSymbol(symbol).getProperties() : [];
      return [
        ...members
          .filter((each) => isOwn(each) && !isDocumented(each))
          .map((each) => `${symbol.name}.${each.name}`),
      ];
    });
  });
  expect(missing).toEqual([]);
});

const isOwn = (symbol: ts.Symbol): boolean =>
  symbol.declarations?.some((each) => each.getSourceFile().fileName.includes("/src/")) ?? false;

test("every method of a chain is on a page that a person has written", () => {
  const pages = markdownFiles().filter(withoutGenerated);
  const text = pages.map((page) => page.text).join("\n") + snippets();
  const methods = [
    "deployment",
    "cluster",
    "load-balancer",
    "network-load-balancer",
    "network-route-methods",
    "fleet",
    "job",
    "named-deployment",
    "task-chain",
    "operations",
  ]
    .flatMap((file) => methodsIn(`src/chain/${file}.ts`))
    .filter((name) => !name.startsWith("to"));
  expect(methods.length).toBeGreaterThan(30);
  expect([...new Set(methods)].filter((name) => !new RegExp(`\\b${name}\\(|\`${name}\``).test(text))).toEqual(
    [],
  );
});

const snippets = (): string =>
  readdirSync("docs/snippets")
    .map((file) => readFileSync(`docs/snippets/${file}`, "utf8"))
    .join("\n");

/** The names of the methods in the exported interfaces of a file. */
function methodsIn(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  return source.statements
    .filter(ts.isInterfaceDeclaration)
    .flatMap(({ members }) => members.filter(ts.isMethodSignature).map(({ name }) => name.getText()));
}
