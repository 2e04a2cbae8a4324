import { SpecError, type SpecIssue } from "../../errors.js";

/** Collects what is wrong with a description, so that the user hears everything at once. */
export class Issues {
  readonly #issues: SpecIssue[] = [];

  add(path: string, message: string): void {
    this.#issues.push(Object.freeze({ path, message }));
  }

  get list(): readonly SpecIssue[] {
    return this.#issues;
  }

  /** @throws SpecError when anything was wrong. */
  throwIfAny(subject: string): void {
    if (this.#issues.length > 0) throw new SpecError(subject, Object.freeze([...this.#issues]));
  }
}
