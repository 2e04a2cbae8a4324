import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const entries = ["src/index.ts", "src/local/index.ts"].map((file) => path.join(root, file));

/** Types that are computed from internal interfaces. Users never name these interfaces. */
const computed = ["Overrides", "OperationName", "ServiceName"];

const config = ts.readConfigFile(path.join(root, "tsconfig.json"), (file) => ts.sys.readFile(file));
const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
const program = ts.createProgram({ rootNames: entries, options });
const checker = program.getTypeChecker();

test("every type in a public signature is exported", () => {
  const exported = new Set(entries.flatMap(exportsOf));
  expect(exported.size).toBeGreaterThan(100);
  const missing: string[] = [];
  const seen = new Set(exported);
  for (const symbol of seen) {
    for (const used of computed.includes(symbol.name) ? [] : typesIn(symbol)) {
      if (seen.has(used)) continue;
      seen.add(used);
      missing.push(`${used.name} (${sourceOf(used)}), used by ${symbol.name}`);
    }
  }
  expect(missing.sort()).toEqual([]);
});

function exportsOf(file: string): readonly ts.Symbol[] {
  const entry = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
  return checker.getExportsOfModule(entry).map(resolved);
}

const resolved = (symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

/** Returns the types of this project that the declarations of a symbol mention. */
function typesIn(symbol: ts.Symbol): readonly ts.Symbol[] {
  const found: ts.Symbol[] = [];
  const visit = (node: ts.Node): void => {
    if (isInternal(node)) return;
    const name = nameOfType(node);
    const used = name && checker.getSymbolAtLocation(name);
    if (used !== undefined && isOwnType(resolved(used))) found.push(resolved(used));
    ts.forEachChild(node, visit);
  };
  for (const declaration of symbol.declarations ?? []) ts.forEachChild(declaration, visit);
  return found;
}

/** True for the parts of a declaration that are not in its `.d.ts`. */
function isInternal(node: ts.Node): boolean {
  if (ts.isBlock(node)) return true;
  if (ts.isVariableDeclaration(node.parent) && node.parent.initializer === node) return true;
  if (ts.getJSDocTags(node).some(({ tagName }) => tagName.text === "internal")) return true;
  if (!ts.isClassElement(node)) return false;
  if (node.name !== undefined && ts.isPrivateIdentifier(node.name)) return true;
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) !== 0;
}

function nameOfType(node: ts.Node): ts.Node | undefined {
  if (ts.isTypeReferenceNode(node)) return node.typeName;
  if (ts.isExpressionWithTypeArguments(node)) return node.expression;
  if (ts.isTypeQueryNode(node)) return node.exprName;
  return undefined;
}

function isOwnType(symbol: ts.Symbol): boolean {
  if (symbol.flags & ts.SymbolFlags.TypeParameter) return false;
  return sourceOf(symbol).startsWith("src/");
}

const sourceOf = (symbol: ts.Symbol): string =>
  path.relative(root, symbol.declarations?.[0]?.getSourceFile().fileName ?? "").replaceAll(path.sep, "/");
