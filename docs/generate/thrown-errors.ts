import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** A place in the sources that makes an error: the wording of its message and its fix. */
export interface ThrownError {
  readonly code: string;
  readonly message: string;
  readonly fix: string | undefined;
}

/** Returns what the sources say with each of the codes: `{value}` stands for a value. */
export function thrownErrors(codes: ReadonlySet<string>): readonly ThrownError[] {
  return readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/^local[/\\](?!traffic)/.test(file))
    .sort()
    .flatMap((file) => thrownIn(readFileSync(path.join("src", file), "utf8"), codes));
}

function thrownIn(code: string, codes: ReadonlySet<string>): readonly ThrownError[] {
  const source = ts.createSourceFile("a.ts", code, ts.ScriptTarget.ES2022, true);
  const found: ThrownError[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) found.push(...thrownBy(node, codes));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** An error is made by a call whose first argument is its code: `new QuaysideError("no-region", …)`. */
function thrownBy(
  { expression, arguments: args = ts.factory.createNodeArray() }: ts.CallExpression | ts.NewExpression,
  codes: ReadonlySet<string>,
): readonly ThrownError[] {
  // A method's argument may have the same word: `options.string("alarm", …)`.
  if (ts.isPropertyAccessExpression(expression)) return [];
  const [first, ...rest] = args;
  const texts = rest.flatMap((each) => textsOf(each));
  if (first === undefined || texts[0] === undefined) return [];
  const fixes = [...rest.flatMap(fixIn), ...texts.slice(1)];
  return literalsOf(first)
    .filter((code) => codes.has(code))
    .map((code) => ({ code, message: texts[0]!, fix: fixes[0] }));
}

/** Both sides of a condition count. */
function literalsOf(node: ts.Expression): readonly string[] {
  if (ts.isStringLiteral(node)) return [node.text];
  return ts.isConditionalExpression(node) ? [node.whenTrue, node.whenFalse].flatMap(literalsOf) : [];
}

/** The sentence that an argument is; of a condition, the first. */
function textsOf(node: ts.Expression): readonly string[] {
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(textsOf);
  const text = sentenceOf(node);
  return text === undefined || !text.includes(" ") ? [] : [oneLine(text)];
}

function fixIn(node: ts.Node): readonly string[] {
  if (ts.isPropertyAssignment(node) && node.name.getText() === "fix")
    return textsOf(node.initializer).slice(0, 1);
  const found: string[] = [];
  ts.forEachChild(node, (child) => void found.push(...fixIn(child)));
  return found;
}

/** The text that an expression makes, with `{value}` for what is known only when it is thrown. */
function sentenceOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isParenthesizedExpression(node)) return sentenceOf(node.expression);
  if (ts.isTemplateExpression(node)) {
    const parts = node.templateSpans.map(({ expression, literal }) => valueOf(expression) + literal.text);
    return node.head.text + parts.join("");
  }
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  return `${sentenceOf(node.left) ?? valueOf(node.left)}${sentenceOf(node.right) ?? valueOf(node.right)}`;
}

/** A value by its name: `{subnetIds}` for `subnetIds.join(", ")`; of two wordings, the one for several or in general. */
function valueOf(node: ts.Expression): string {
  if (ts.isConditionalExpression(node)) {
    const [other, one] = [node.whenFalse, node.whenTrue].map((each) => sentenceOf(each) ?? valueOf(each));
    return other || one || "";
  }
  const text = sentenceOf(node);
  if (text !== undefined) return text;
  if (ts.isBinaryExpression(node)) return valueOf(node.right);
  if (ts.isCallExpression(node)) return valueOf(calledOn(node));
  if (ts.isPropertyAccessExpression(node))
    return node.name.text === "length" ? valueOf(node.expression) : `{${node.name.text}}`;
  if (
    ts.isElementAccessExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isParenthesizedExpression(node)
  )
    return valueOf(node.expression);
  return ts.isIdentifier(node) ? `{${node.text}}` : "{value}";
}

/** What a method is called on: `names` in `names.join(", ")`; for a function, its first argument, or itself. */
const calledOn = ({ expression, arguments: args }: ts.CallExpression): ts.Expression =>
  ts.isPropertyAccessExpression(expression) &&
  !/^[A-Z]+$|^(?:Math|Object|String)$/.test(expression.expression.getText())
    ? expression.expression
    : (args[0] ?? expression);

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
