import { SpecError, type SpecIssue } from "../../errors.js";
import { escaped } from "../../printable.js";

const MAX_PATH = 200;
const MAX_MESSAGE = 1000;

/** Collects every problem of a description, so that one error reports them all. */
export class Issues {
  readonly #issues: SpecIssue[] = [];

  add(path: string, message: string): void {
    this.#addOnce(Object.freeze({ path: short(path, MAX_PATH), message: short(message, MAX_MESSAGE) }));
  }

  addAll({ list }: Issues): void {
    for (const issue of list) this.#addOnce(issue);
  }

  /** What several parts share, such as a network, is parsed with each of them. */
  #addOnce(issue: SpecIssue): void {
    const isKnown = this.#issues.some(
      ({ path, message }) => path === issue.path && message === issue.message,
    );
    if (!isKnown) this.#issues.push(issue);
  }

  get list(): readonly SpecIssue[] {
    return this.#issues;
  }

  /** @throws SpecError if an issue was added. */
  throwIfAny(subject: string): void {
    if (this.#issues.length > 0)
      throw new SpecError(short(subject, MAX_PATH), Object.freeze([...this.#issues]));
  }
}

/** Paths and messages have the names that the user gave, which may be of any length and have any characters. */
function short(text: string, max: number): string {
  const cut = text.length > max ? `${text.slice(0, max * 0.75)}…${text.slice(-max / 5)}` : text;
  return escaped(cut).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}
