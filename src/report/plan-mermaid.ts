import type { Change, PlanScope } from "../engine/plan.js";
import { printable } from "../printable.js";
import { scopeText } from "./scope-text.js";

/** `[from, to]`: `from` needs `to`. Both are `kind/name`. */
export type Edge = readonly [from: string, to: string];

const classes = [
  "classDef create fill:#d3f9d8,stroke:#2b8a3e,color:#000",
  "classDef update fill:#fff3bf,stroke:#e67700,color:#000",
  "classDef replace fill:#ffe8cc,stroke:#d9480f,color:#000",
  "classDef delete fill:#ffe3e3,stroke:#c92a2a,color:#000",
  "classDef none fill:#f1f3f5,stroke:#868e96,color:#000",
];

/** The resources and their dependencies, as a Mermaid flowchart; the color shows the action on each. */
export function planToMermaid(changes: readonly Change[], edges: readonly Edge[], scope?: PlanScope): string {
  const ids = new Map(changes.map((change, index) => [`${change.resource}/${change.name}`, `n${index}`]));
  return [
    ...(scope === undefined ? [] : ["---", `title: ${scopeText(scope)}`, "---"]),
    "flowchart LR",
    ...changes.map((change, index) => `  n${index}["${label(change)}"]:::${change.action}`),
    ...edges.flatMap(([from, to]) => {
      const [needing, needed] = [ids.get(from), ids.get(to)];
      return needing === undefined || needed === undefined ? [] : [`  ${needing} --> ${needed}`];
    }),
    ...classes.map((line) => `  ${line}`),
  ].join("\n");
}

const label = ({ resource, name }: Change): string => `${resource}<br/>${escape(name)}`;

const escape = (text: string): string =>
  printable(text)
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
