import { QuaysideError, type ErrorDetails } from "../errors.js";

/** Codes of what can go wrong with a release; each stays what it means. */
export type ReleaseCode =
  /** The new colour was not good enough: all requests are back on the old one. */
  | "release-taken-back"
  /** Worse: the requests could not be taken back. */
  | "release-not-taken-back"
  /** Another process has moved the requests since they were looked at. */
  | "release-moved"
  /** There is no colour to do that with. */
  | "no-release"
  /** The colour that shall get the requests cannot take them. */
  | "colour-not-ready"
  /** The colour still has requests, or a shift is under way. */
  | "release-in-progress";

export const releaseError = (code: ReleaseCode, message: string, details: ErrorDetails): QuaysideError =>
  new QuaysideError(code, message, details);
