import ts from "typescript";
import { commentBefore, documentedUnion } from "./documented-union.js";

const EVENTS = "src/engine/events.ts";

/** A member of `QuaysideEvent`. */
export interface DocumentedEvent {
  readonly type: string;
  readonly comment: string;
  readonly fields: readonly { readonly name: string; readonly type: string; readonly comment: string }[];
}

/** Returns all events with their fields. */
export function documentedEvents(): readonly DocumentedEvent[] {
  return documentedUnion(EVENTS, "QuaysideEvent").map(({ type, comment }) => {
    const source = type.getSourceFile();
    const parts = partsOf(type);
    const members = parts.filter(ts.isTypeLiteralNode).flatMap(({ members }) => [...members]);
    const fields = members.filter(ts.isPropertySignature).map((field) => ({
      name: field.name.getText(),
      type: field.type?.getText().replaceAll(/\s+/g, " ").replaceAll("readonly ", "") ?? "",
      comment: commentBefore(field, source),
    }));
    const kind = fields.find(({ name }) => name === "type")?.type.replaceAll('"', "") ?? "";
    const ofResource = parts.some(ts.isTypeReferenceNode)
      ? ["at", "resource", "name"].map((name) => ({
          name,
          type: name === "at" ? "number" : "string",
          comment: "",
        }))
      : [];
    return { type: kind, comment, fields: [...ofResource, ...fields.filter(({ name }) => name !== "type")] };
  });
}

/** A parenthesis and an intersection are read as their parts. */
function partsOf(type: ts.TypeNode): readonly ts.TypeNode[] {
  if (ts.isParenthesizedTypeNode(type)) return partsOf(type.type);
  return ts.isIntersectionTypeNode(type) ? type.types.flatMap(partsOf) : [type];
}

export function eventsPage(): string {
  const places = documentedEvents().map(({ type, comment, fields }) => {
    const rows = fields.map(
      ({ name, type, comment }) => `| \`${name}\` | ${cell(type)} | ${comment || (COMMON[name] ?? "")} |`,
    );
    return `## ${type}\n\n${comment || MEANINGS[type]}\n\n| field | type | |\n| --- | --- | --- |\n${rows.join("\n")}`;
  });
  return `---\noutline: [2, 2]\n---\n\n# Events\n\n\`onEvent\` of an operation is called for each of these, as plain data, while the run goes on: \`terminalReporter()\` and \`jsonReporter()\` make one that prints. Errors that it throws end the run.\n\n${places.join("\n\n")}\n`;
}

const cell = (type: string): string => `\`${type.replaceAll("|", "\\|")}\``;

const COMMON: Readonly<Record<string, string>> = {
  at: "Milliseconds since the epoch, by the cloud's clock.",
  resource: "The kind of the resource, such as `target-group`.",
  name: "The resource's name.",
  service: "The name of the ECS service.",
  deployment: "The deployment's name.",
  percent: "Percent of the traffic.",
  why: "The reason.",
  message: "A sentence for a person.",
  fix: "What to do next.",
  seconds: "How long it took.",
};

/** For the events that follow one with a comment. */
const MEANINGS: Readonly<Record<string, string>> = {
  started: "A step has begun.",
  finished: "A step is complete.",
  failed: "A step has failed; the run ends with its error, once the steps beside it are complete.",
  ready: "The resource is usable.",
};
