import { Redactor } from "../src/aws/recording/redactor.js";
import type { Difference } from "./compare.js";
import type { StepResult } from "./run.js";

export interface Page {
  readonly id: string;
  readonly place: string;
  readonly region: string;
  readonly aws: readonly StepResult[];
  readonly local: readonly StepResult[];
  readonly differences: readonly Difference[];
  readonly left: readonly string[];
}

/** The page of differences, as Markdown. It has no account number, address or host name in it. */
export function toMarkdown(page: Page): string {
  const { id, place, region, aws, local, differences, left } = page;
  const localOf = new Map(local.map((result) => [result.step.name, result]));
  const onPlace = (words: string) => words.replace(/\bon AWS\b/, `on ${place}`);
  const steps = aws.map(({ step, state, seconds, notes }) => {
    const other = localOf.get(step.name);
    return row(
      step.name,
      state,
      state === "skipped" ? "" : `${seconds} s`,
      other === undefined || other.state === "skipped" ? "" : `${other.seconds} s`,
      [
        ...notes,
        ...(other?.state === "failed" ? [`on the local cloud: ${other.notes.join("; ")}`] : []),
      ].join("; "),
    );
  });
  const operations = [...new Set(differences.map(({ operation }) => operation))];
  const text = [
    `# Smoke run ${id}: ${place} beside the local cloud`,
    `Region ${region}, Node ${process.versions.node}. Values are not compared: members, types, error codes and times are.`,
    "## Steps",
    table(["step", "state", place, "local cloud", "notes"], steps),
    "## Differences",
    differences.length === 0 ? "None." : `${differences.length} in ${operations.length} operations.`,
    ...operations.flatMap((operation) => [
      `### ${operation}`,
      table(
        ["", "what", "detail"],
        differences
          .filter((one) => one.operation === operation)
          .map(({ kind, what, detail }) => row(onPlace(kind), `\`${what}\``, onPlace(detail))),
      ),
    ]),
    "## Left in the account",
    left.length === 0 ? "Nothing." : left.map((one) => `- ${one}`).join("\n"),
  ];
  return `${new Redactor().text(text.join("\n\n"))}\n`;
}

const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replace(/\s*\n\s*/g, " ").replaceAll("|", "\\|")).join(" | ")} |`;

const table = (heads: readonly string[], rows: readonly string[]): string =>
  [row(...heads), row(...heads.map(() => "---")), ...rows].join("\n");
