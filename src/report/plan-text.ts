import type { Action } from "../engine/events.js";
import type { FieldChange } from "../engine/kind.js";
import type { Change, PlanScope } from "../engine/plan.js";
import { escaped, mapTexts, printable } from "../printable.js";
import { countText } from "./count-text.js";
import { screenWidth } from "./output.js";
import { groupResources } from "./resource-groups.js";
import { scopeText } from "./scope-text.js";
import { textWidth } from "./text-width.js";
import { valueText } from "./value-text.js";
import { wrapIndented } from "./wrap-text.js";

const marks: Readonly<Record<Action, string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  none: " ",
};

const LONGEST_NAME = 32;

/**
 * The plan as text: a line for each change, by the part of the deployment that it is of, followed by the fields that
 * differ.
 *
 * @param width - the width of the screen: lines are wrapped at words
 */
export function planToText(
  planned: readonly Change[],
  warnings: readonly string[] = [],
  scope?: PlanScope,
  width = screenWidth(),
): string {
  const changes = printableChanges(planned);
  const real = changes.filter((change) => change.action !== "none");
  const counts: Partial<Record<Action, number>> = {};
  for (const { action } of changes) counts[action] = (counts[action] ?? 0) + 1;

  const summary = real.length === 0 ? noChanges(changes.length) : `Plan: ${countText(counts)}`;
  const lines = [wrapIndented(scope === undefined ? summary : `${summary} (${scopeText(scope)})`, width, 2)];
  for (const [group, grouped] of groupResources(real)) lines.push("", `  ${group}`, ...table(grouped, width));
  if (warnings.length > 0)
    lines.push("", ...warnings.map((warning) => wrapIndented(`  ! ${printable(warning)}`, width, 2)));
  return lines.join("\n");
}

/** Names are shown as they are read; values are quoted, with everything spelled out that cannot be seen. */
const printableChanges = (changes: readonly Change[]): readonly Change[] =>
  changes.map(({ action, resource, name, reason, fields }) => ({
    action,
    resource: printable(resource),
    name: printable(name),
    reason: printable(reason),
    fields: mapTexts(fields, escaped),
  }));

const noChanges = (count: number): string =>
  count === 0 ? "Plan: nothing to do" : `Plan: nothing to change, ${count} unchanged`;

function table(changes: readonly Change[], width: number): string[] {
  const kinds = Math.max(...changes.map((change) => textWidth(change.resource)));
  // One long name would push the details of all others off the screen.
  const names = Math.min(LONGEST_NAME, Math.max(...changes.map((change) => textWidth(change.name))));
  return changes.flatMap((change) => {
    const start = `    ${marks[change.action]} ${padTo(change.resource, kinds)}  ${padTo(change.name, names)}  `;
    const isCreated = change.action === "create";
    const details = isCreated ? facts(change, width - textWidth(start)) : reasonOf(change);
    const line = `${start}${details}`.trimEnd();
    return [
      // Details that do not fit stand below, at full width.
      ...(textWidth(line) <= width
        ? [line]
        : [
            wrapIndented(start.trimEnd(), width, 4),
            ...(details === "" ? [] : [wrapIndented(`        ${details}`, width, 2)]),
          ]),
      ...(isCreated ? [] : fieldLines(change.fields).map((each) => wrapIndented(each, width, 2))),
    ];
  });
}

/** The reason, unless it only names the fields that follow. */
const reasonOf = ({ reason, fields }: Change): string =>
  fields.length > 0 && / differs?$/.test(reason) ? "" : reason;

const padTo = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - textWidth(text)));

/** For a resource to create, the short values that identify it, as many as fit. */
function facts({ name, fields }: Change, width: number): string {
  let text = "";
  for (const { path, after } of fields) {
    const scalar = typeof after === "string" || typeof after === "number";
    if (!scalar || after === name || String(after).length > 30 || /\n|^\(|^arn:/.test(String(after)))
      continue;
    const fact = printable(`${path} ${after}`);
    const longer = text === "" ? fact : `${text}, ${fact}`;
    if (textWidth(longer) > width) break;
    text = longer;
  }
  return text;
}

function fieldLines(fields: readonly FieldChange[]): string[] {
  // Quayside's own tags follow from the rest; they are shown only if nothing else has changed.
  const own = fields.filter((field) => !field.path.startsWith("tags.quayside:"));
  const shown = own.length > 0 ? own : fields;
  return shown.map(
    ({ path, before, after }) => `        ${printable(path)}: ${valueText(before)} → ${valueText(after)}`,
  );
}
