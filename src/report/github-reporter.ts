import { appendFileSync } from "node:fs";
import type { QuaysideEvent } from "../engine/events.js";
import { toPath } from "../spec/parsing/to-path.js";
import { checkReporterOptions } from "./check-reporter-options.js";
import { durationText } from "./duration-text.js";
import { markdownText } from "./plan-markdown.js";
import type { Output } from "./output.js";
import { plain } from "./paint.js";
import type { Reporter } from "./reporters.js";
import { doneText } from "./count-text.js";
import { RunProgress } from "./run-progress.js";
import { scopeText } from "./scope-text.js";
import { shownEvent } from "./shown-event.js";
import { lineReporter } from "./terminal-reporter.js";

export interface GithubReporterOptions {
  /** @defaultValue `process.stdout`, where the runner reads workflow commands */
  readonly stream?: Output;
  /** The file of the job summary, a path or a `file:` URL; `false` for none. @defaultValue that of `GITHUB_STEP_SUMMARY` */
  readonly summary?: string | URL | false;
}

/** GitHub takes at most 1 MiB for the summary of a step, and shows nothing of a longer one. */
const LONGEST_SUMMARY = 900_000;

/**
 * Creates an `onEvent` for GitHub Actions: the plan and the progress as groups of lines, warnings and failures as
 * annotations, and a job summary with the plan as Markdown, its picture, and the result. Elsewhere it writes the same
 * lines, and no summary.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 *
 * @example
 * await talk.deploy({ onEvent: githubReporter() });
 */
export function githubReporter(options: GithubReporterOptions = {}): Reporter {
  checkReporterOptions("githubReporter", options, { paths: ["summary"] });
  const stream = options.stream ?? process.stdout;
  const summary = new Summary(
    toPath(options.summary ?? process.env["GITHUB_STEP_SUMMARY"] ?? false) as string | false,
  );
  const progress = new RunProgress();
  const write = (text: string): void => void stream.write(`${text.split("\n").map(notCommand).join("\n")}\n`);
  const command = (name: string, text = "", title?: string): void =>
    void stream.write(`::${name}${title === undefined ? "" : ` title=${property(title)}`}::${data(text)}\n`);
  const lines = lineReporter(stream, plain, write);
  let annotated = false;
  /** True if the summary has the reason of the failure. */
  let explained = false;

  const before = (event: QuaysideEvent): void => {
    if (event.type === "planned") {
      annotated = explained = false;
      if (event.plan !== undefined) {
        command("group", `Plan (${scopeText(event)})`);
        write(event.plan.toString());
        command("endgroup");
        summary.add(event.plan.toMarkdown());
      }
      command("group", "Progress");
    }
    if (event.type === "ended") command("endgroup");
  };
  const annotate = (level: "warning" | "error", title: string, text: string): void => {
    annotated ||= level === "error";
    command(level, text, title);
  };
  const after = (event: QuaysideEvent): void => {
    if (event.type === "warning") annotate("warning", "Deployment", event.message);
    if (event.type === "failed")
      annotate("error", `${event.resource} ${event.name}`, `${event.message} (${event.code})`);
    if (event.type === "rollout-failed") {
      annotate("error", `Service ${event.service}`, `${event.message}\n${event.fix}`);
      summary.add(failureMarkdown(event));
      explained = true;
    }
    if (event.type !== "ended") return;
    const took = durationText(event.seconds);
    if (event.code !== undefined && !annotated)
      annotate(
        "error",
        "Deployment",
        reasonText(event) ?? `The run ended early (${event.code}) after ${took}`,
      );
    const done = doneText(progress.done);
    summary.add(
      event.code === undefined
        ? `✅ **Done in ${took}**${done === "" ? "" : `: ${done}`}`
        : `❌ **Ended early** (${markdownText(event.code)}) after ${took}: ${progress.count} of ${progress.total} done`,
    );
    const { message, fix } = explained ? {} : event;
    if (message !== undefined) summary.add(markdownText(message));
    if (fix !== undefined) summary.add(`→ ${markdownText(fix)}`);
    if (event.docs !== undefined) summary.add(`<${event.docs}>`);
  };
  return (event) => {
    progress.add(event);
    const shown = shownEvent(event);
    // The plan is not enumerable: it is not in the copy.
    before(event.type === "planned" ? event : shown);
    lines(shown);
    after(shown);
  };
}

/** The message and the fix of the error that ended a run; `undefined` if it succeeded. */
const reasonText = ({ message, fix }: Extract<QuaysideEvent, { type: "ended" }>): string | undefined =>
  message === undefined ? undefined : [message, ...(fix === undefined ? [] : [fix])].join("\n");

function failureMarkdown(event: Extract<QuaysideEvent, { type: "rollout-failed" }>): string {
  const logs = event.logs.map((line) => line.replaceAll("`", "ˋ"));
  return [
    `❌ ${markdownText(event.message)}`,
    ...(logs.length === 0 ? [] : [`\`\`\`\n${logs.join("\n")}\n\`\`\``]),
    ...(event.ending === undefined ? [] : [`Result: ${markdownText(event.ending)}`]),
    `→ ${markdownText(event.fix)}`,
  ].join("\n\n");
}

class Summary {
  readonly #file: string | false;
  #length = 0;

  constructor(file: string | false) {
    this.#file = file;
  }

  add(markdown: string): void {
    if (this.#file === false || this.#file === "") return;
    const text = `${markdown.trimEnd()}\n\n`;
    const bytes = Buffer.byteLength(text);
    if (this.#length + bytes > LONGEST_SUMMARY) return;
    this.#length += bytes;
    appendFileSync(this.#file, text);
  }
}

/** The runner takes lines that begin with `::`, and `##[` anywhere, for commands: a text must not be one. */
const notCommand = (row: string): string => row.replace(/^(\s*)::/, "$1: :").replaceAll("##[", "## [");

const data = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string): string => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
