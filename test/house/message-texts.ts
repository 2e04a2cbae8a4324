import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** The texts of AWS that the local cloud answers with are AWS's words, not the library's. */
const AWS_WORDS = /^local[/\\](?:services|core|snapshot|traffic)[/\\]/;
/** A style sheet has no words. */
const STYLES = /[/\\]style\.ts$/;

/** Every text of the library that a person can read, by the file that says it. */
export function messageTexts(): ReadonlyMap<string, readonly string[]> {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !AWS_WORDS.test(file) && !STYLES.test(file))
    .sort();
  return new Map(
    files.flatMap((file): [string, readonly string[]][] => {
      const texts = textsOf(readFileSync(path.join("src", file), "utf8"));
      return texts.length === 0 ? [] : [[file.replaceAll("\\", "/"), texts]];
    }),
  );
}

function textsOf(code: string): readonly string[] {
  const source = ts.createSourceFile("a.ts", code, ts.ScriptTarget.ES2022, true);
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === "html") {
      const text = wordsOfHtml(node.template);
      if (isForPeople(text)) texts.push(text);
      for (const value of valuesIn(node.template)) visit(value);
      return;
    }
    const text = textOf(node);
    if (text !== undefined && isForPeople(text)) texts.push(text.trim().replaceAll("\n", "\\n"));
    // What stands within a text's values is a text of its own.
    if (text === undefined) ts.forEachChild(node, visit);
    else for (const value of valuesIn(node)) ts.forEachChild(value, visit);
  };
  visit(source);
  return texts;
}

/** The text of a literal, a template or a sum of both, its values as `{expression}`; `undefined` for anything else. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression);
  if (ts.isTemplateExpression(node)) {
    return (
      node.head.text +
      node.templateSpans.map(({ expression, literal }) => `${inBraces(expression)}${literal.text}`).join("")
    );
  }
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const [left, right] = [textOf(node.left), textOf(node.right)];
  return left === undefined && right === undefined
    ? undefined
    : `${left ?? inBraces(node.left)}${right ?? inBraces(node.right)}`;
}

/** The words of a page without its tags, its values as `{}`. */
function wordsOfHtml(template: ts.TemplateLiteral): string {
  const text = ts.isTemplateExpression(template)
    ? template.head.text + template.templateSpans.map(({ literal }) => `{}${literal.text}`).join("")
    : template.text;
  return text
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}

const inBraces = (expression: ts.Expression): string =>
  `{${expression.getText().replaceAll(/\s+/g, " ").replaceAll("`", "'")}}`;

function valuesIn(node: ts.Node): readonly ts.Node[] {
  if (ts.isTemplateExpression(node)) return node.templateSpans.map(({ expression }) => expression);
  if (ts.isParenthesizedExpression(node)) return valuesIn(node.expression);
  return ts.isBinaryExpression(node) ? [node.left, node.right].flatMap(valuesIn) : [];
}

/** Two words at least, with a space between them: not a name, an ARN, a path or a pattern. */
function isForPeople(text: string): boolean {
  const shown = text.replaceAll(/\{[^{}]*\}/g, "X");
  return /[A-Za-z'`)\d%][,;:.]? [A-Za-z(]/.test(shown) && /[a-z]{2}/.test(shown.replaceAll("X", ""));
}
