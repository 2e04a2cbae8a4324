import type { Change, PlanScope } from "../engine/plan.js";
import { escaped, mapTexts, printable } from "../printable.js";
import { countText } from "./count-text.js";
import { planToMermaid, type Edge } from "./plan-mermaid.js";
import { groupResources } from "./resource-groups.js";
import { clockText, scopeText } from "./scope-text.js";
import { valueText } from "./value-text.js";

const MOST_FIELDS = 20;
/** GitHub draws no flowchart with more connections than this, and a person sees nothing in it. */
const MOST_EDGES = 280;

/** The plan as Markdown: what changes in tables, what should be known, and the picture of it. */
export function planToMarkdown(
  changes: readonly Change[],
  edges: readonly Edge[],
  warnings: readonly string[] = [],
  scope?: PlanScope,
): string {
  const counts = { create: 0, update: 0, replace: 0, delete: 0, none: 0 };
  for (const { action } of changes) counts[action] += 1;
  const real = changes.filter(({ action }) => action !== "none");
  const summary = real.length === 0 ? "nothing to change" : countText(counts);
  const where = scope === undefined ? "" : ` (${scopeText(scope)})`;
  const clock = scope === undefined ? undefined : clockText(scope);
  const parts = [
    `**Plan: ${summary}**${markdownText(where)}`,
    ...(clock === undefined ? [] : [clock]),
    ...warnings.map((warning) => `> [!WARNING]\n> ${markdownText(warning)}`),
    ...groupResources(real).map(([group, grouped]) =>
      [
        `#### ${group}`,
        "",
        "| | resource | name | what changes |",
        "| --- | --- | --- | --- |",
        ...grouped.map(row),
      ].join("\n"),
    ),
  ];
  if (real.length > 0 && edges.length <= MOST_EDGES)
    parts.push(
      `<details><summary>The resources and what each needs</summary>\n\n\`\`\`mermaid\n${planToMermaid(changes, edges)}\n\`\`\`\n\n</details>`,
    );
  return `${parts.join("\n\n")}\n`;
}

const MARKS = { create: "➕", update: "✏️", replace: "♻️", delete: "➖", none: "" } as const;

function row({ action, resource, name, reason, fields }: Change): string {
  const own = fields.filter(({ path }) => !path.startsWith("tags.quayside:"));
  const shown = mapTexts(own.slice(0, MOST_FIELDS), escaped).map(
    ({ path, before, after }) => `${code(path)}: ${code(valueText(before))} → ${code(valueText(after))}`,
  );
  const more = own.length > MOST_FIELDS ? [`and ${own.length - MOST_FIELDS} more`] : [];
  const what = action === "create" ? [] : [...(shown.length === 0 ? [markdownText(reason)] : shown), ...more];
  return `| ${MARKS[action]} ${action} | ${markdownText(resource)} | ${code(name)} | ${what.join("<br>")} |`;
}

/** A text that Markdown shows as it is. */
export const markdownText = (value: string): string =>
  printable(value).replace(/[\\`*_{}[\]<>|#~@]/g, (char) => `&#${char.charCodeAt(0)};`);

/** A value as code, in a table: HTML, because a backtick or a bar in it would end a Markdown one. */
const code = (value: string): string => `<code>${markdownText(value)}</code>`;
