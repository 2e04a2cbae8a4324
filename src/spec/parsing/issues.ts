import { SpecError, type SpecIssue } from "../../errors.js";

/** Collects every problem of a description, so that one error reports them all. */
export class Issues {
  readonly #issues: SpecIssue[] = [];

  add(path: string, message: string): void {
    this.#issues.push(Object.freeze({ path, message }));
  }

  addAll({ list }: Issues): void {
    this.#issues.push(...list);
  }

  get list(): readonly SpecIssue[] {
    return this.#issues;
  }

  /** @throws SpecError if an issue was added. */
  throwIfAny(subject: string): void {
    if (this.#issues.length > 0) throw new SpecError(subject, Object.freeze([...this.#issues]));
  }
}
