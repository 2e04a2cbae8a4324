import type { Action } from "../engine/events.js";
import type { FieldChange } from "../engine/kind.js";
import type { Change, PlanScope } from "../engine/plan.js";
import { escaped, mapTexts, printable } from "../printable.js";
import { countText } from "./count-text.js";
import { scopeText } from "./scope-text.js";
import { valueText } from "./value-text.js";

const marks: Readonly<Record<Action, string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  none: " ",
};

const WIDTH = 110;
const LONGEST_NAME = 32;

/** The plan as text: a line for each change, followed by the fields that differ. */
export function planToText(
  planned: readonly Change[],
  warnings: readonly string[] = [],
  scope?: PlanScope,
): string {
  const changes = printableChanges(planned);
  const real = changes.filter((change) => change.action !== "none");
  const counts: Partial<Record<Action, number>> = {};
  for (const { action } of changes) counts[action] = (counts[action] ?? 0) + 1;

  const summary = real.length === 0 ? noChanges(changes.length) : `Plan: ${countText(counts)}`;
  const lines = [scope === undefined ? summary : `${summary} (${scopeText(scope)})`];
  if (real.length > 0) lines.push("", ...table(real));
  if (warnings.length > 0) lines.push("", ...warnings.map((warning) => `  ! ${printable(warning)}`));
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

function table(changes: readonly Change[]): string[] {
  const kinds = Math.max(...changes.map((change) => change.resource.length));
  // One long name would push the details of all others off the screen.
  const names = Math.min(LONGEST_NAME, Math.max(...changes.map((change) => change.name.length)));
  return changes.flatMap((change) => {
    const start = `  ${marks[change.action]} ${change.resource.padEnd(kinds)}  ${change.name.padEnd(names)}  `;
    const details = change.action === "create" ? facts(change, WIDTH - start.length) : change.reason;
    return [`${start}${details}`.trimEnd(), ...(change.action === "create" ? [] : fieldLines(change.fields))];
  });
}

/** For a resource to create, the short values that identify it, as many as fit. */
function facts({ name, fields }: Change, width: number): string {
  let text = "";
  for (const { path, after } of fields) {
    const scalar = typeof after === "string" || typeof after === "number";
    if (!scalar || after === name || String(after).length > 30 || /\n|^\(|^arn:/.test(String(after)))
      continue;
    const fact = printable(`${path} ${after}`);
    if (text.length + 2 + fact.length > width) break;
    text += text === "" ? fact : `, ${fact}`;
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
