import { readFileSync } from "node:fs";
import ts from "typescript";

/** A member of a union type, with the comment above it. */
export interface DocumentedMember {
  readonly type: ts.TypeNode;
  readonly comment: string;
}

/** Returns the members of an exported union type of a source file, in their order. */
export function documentedUnion(file: string, name: string): readonly DocumentedMember[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  const alias = source.statements.find(
    (each): each is ts.TypeAliasDeclaration => ts.isTypeAliasDeclaration(each) && each.name.text === name,
  );
  if (alias === undefined || !ts.isUnionTypeNode(alias.type)) throw new Error(`${file} has no union ${name}`);
  return alias.type.types.map((type) => ({ type, comment: commentBefore(type, source) }));
}

/** Returns the members of a union of string literals, with their comments. */
export function documentedWords(file: string, name: string): ReadonlyMap<string, string> {
  return new Map(
    documentedUnion(file, name).map(({ type, comment }) => {
      if (!ts.isLiteralTypeNode(type) || !ts.isStringLiteral(type.literal))
        throw new Error(`${name} has a member that is not a string`);
      return [type.literal.text, comment];
    }),
  );
}

/** Returns the doc comment before a node, without its marks and line breaks. */
export function commentBefore(node: ts.Node, source: ts.SourceFile): string {
  // The bar of a union stands between the comment and the member, and belongs to neither.
  const before = source.text.slice(0, node.getStart(source)).trimEnd().replace(/\|$/, "").trimEnd();
  if (!before.endsWith("*/")) return "";
  const comment = before.slice(before.lastIndexOf("/**") + 3, -2);
  return comment
    .split("\n")
    .map((line) => line.trim().replace(/^\*\s?/, ""))
    .join(" ")
    .trim();
}
