import type { DiagnosisCode } from "./diagnosis-codes.js";
import type { ErrorCode } from "./error-codes.js";
import { mapTexts, printableLines } from "./printable.js";

/** The codes of an `AwsError`. */
export type AwsErrorCode = Extract<
  ErrorCode,
  "aws-refused" | "access-denied" | "network" | "unexpected-response" | "log-bucket"
>;

/** Where the documentation is: `homepage` of package.json, which a test compares. */
const DOCS = "https://quayside-ecs.github.io/quayside";

/** The steps that a failed run had done and not done. */
export interface RunOutcome {
  readonly done: readonly OutcomeEntry[];
  readonly notDone: readonly OutcomeEntry[];
}

export interface OutcomeEntry {
  readonly action: string;
  readonly resource: string;
  readonly name: string;
  /** In a fleet's run: the deployment that owns the resource; `undefined` if deployments share it. */
  readonly deployment?: string | undefined;
}

export interface ErrorDetails {
  readonly facts?: Readonly<Record<string, unknown>> | undefined;
  readonly fix?: string | undefined;
  readonly cause?: unknown;
  readonly outcome?: RunOutcome | undefined;
}

/**
 * The base class of all errors that quayside throws.
 *
 * `message` reads "{what happened}: {why}". `code` never changes between versions: compare it rather than
 * the class, which differs between the ESM and CJS builds. `fix` says what to do next.
 */
export class QuaysideError extends Error {
  readonly code: ErrorCode;
  readonly facts: Readonly<Record<string, unknown>>;
  declare readonly fix: string | undefined;
  /** The address of the code's place in the documentation: what it means, and what to do. */
  readonly docs: string;
  /** What was done and what was not, if the run had begun. Running again continues from there. */
  declare outcome: RunOutcome | undefined;
  /** In a fleet's run: the deployment that failed; `undefined` if it is what deployments share. */
  declare deployment?: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    // AWS's messages, names and logs are parts of it: a terminal must not obey them.
    super(printableLines(message), details.cause === undefined ? undefined : { cause: details.cause });
    if (details.cause instanceof Error) makePrintable(details.cause);
    this.name = new.target.name;
    this.code = code;
    this.facts = mapTexts(details.facts ?? {}, printableLines);
    this.docs = `${DOCS}/troubleshooting/errors#${code}`;
    if (details.outcome !== undefined) this.outcome = details.outcome;
    if (details.fix !== undefined) this.fix = printableLines(details.fix);
    this.endWithFix();
  }

  /**
   * Node.js prints the fields of an error that nobody catches in their order: after the cause comes what to do next.
   *
   * @internal
   */
  endWithFix(): void {
    for (const key of ["cause", "fix"] as const) {
      if (!Object.hasOwn(this, key)) continue;
      const value: unknown = this[key];
      Reflect.deleteProperty(this, key);
      Object.defineProperty(this, key, { value, enumerable: true, configurable: true, writable: true });
    }
  }

  /** The error as plain data, with its message and its cause: `JSON.stringify(error)`. */
  toJSON(): Record<string, unknown> {
    const { cause, fix, ...own } = Object.fromEntries(Object.entries(this)) as Record<string, unknown>;
    return {
      ...{ name: this.name, code: this.code, message: this.message },
      ...own,
      ...(cause !== undefined && { cause: causeToJson(cause) }),
      ...(fix !== undefined && { fix }),
    };
  }
}

/** A cause as plain data: of another library's error only its message, because it may hold anything. */
function causeToJson(cause: unknown): unknown {
  if (cause instanceof QuaysideError) return cause.toJSON();
  if (cause instanceof Error) return { name: cause.name, message: cause.message };
  return String(cause);
}

export interface SpecIssue {
  /** The path of the invalid value, as the user wrote it: `container.cpu`, `cluster.ec2.instanceType`. */
  readonly path: string;
  readonly message: string;
}

/** A cause is printed with its error: `console.error(error)`. */
function makePrintable(cause: Error): void {
  for (const key of ["message", "stack"] as const) {
    const text = cause[key];
    const clean = text === undefined ? undefined : printableLines(text);
    // Not by assignment: DOM exceptions, which signals have as their reasons, do not allow it.
    if (clean !== text) Reflect.set(cause, key, clean);
  }
}

/** The issues that the message of an error has; the others are in `issues`. */
const MAX_SHOWN = 50;

/** The chain is not valid. Thrown before any AWS call. Code: `invalid-spec`. */
export class SpecError extends QuaysideError {
  readonly issues: readonly SpecIssue[];

  constructor(subject: string, issues: readonly SpecIssue[], details: ErrorDetails = {}) {
    const lines = issues.slice(0, MAX_SHOWN).map((issue) => `${issue.path}: ${issue.message}`);
    if (issues.length > MAX_SHOWN)
      lines.push(`and ${issues.length - MAX_SHOWN} more, which \`issues\` of this error has`);
    const why = lines.length === 1 ? ` ${lines[0]}` : `\n  ${lines.join("\n  ")}`;
    super("invalid-spec", `${subject} is not valid:${why}`, details);
    this.issues = issues;
    this.endWithFix();
  }
}

/** A resource of that name exists and is not managed by quayside. Code: `not-owned`. */
export class OwnershipError extends QuaysideError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("not-owned", message, details);
  }
}

/**
 * A call to AWS failed. Code: `aws-refused`; `access-denied` if the caller's permissions do not allow it;
 * `network` if AWS could not be reached; `log-bucket` if a load balancer may not write its logs; `unexpected-response` if the response was not AWS's (a login page, a proxy, a
 * gateway), or cut off.
 */
export class AwsError extends QuaysideError {
  readonly service: string;
  readonly operation: string;
  /** The error code from AWS, for example `InvalidParameterException`. */
  readonly awsCode: string;

  constructor(
    service: string,
    operation: string,
    awsCode: string,
    message: string,
    { code = "aws-refused", ...details }: ErrorDetails & { readonly code?: AwsErrorCode } = {},
  ) {
    super(code, message, details);
    this.service = service;
    this.operation = operation;
    this.awsCode = awsCode;
    this.endWithFix();
  }
}

export interface StoppedTasks {
  readonly count: number;
  readonly stopCode: string | undefined;
  readonly reason: string;
  readonly exitCode: number | undefined;
  readonly task: string;
}

export interface TargetHealth {
  readonly target: string;
  readonly port: number | undefined;
  readonly state: string;
  readonly reason: string | undefined;
  readonly description: string | undefined;
}

export interface ServiceEvent {
  readonly at: Date;
  readonly message: string;
}

export interface RolloutEvidence {
  /** The stopped tasks of this rollout, grouped by cause. */
  readonly stopped: readonly StoppedTasks[];
  readonly targets: readonly TargetHealth[];
  /** The service events in ECS since the start of this rollout, newest first. */
  readonly events: readonly ServiceEvent[];
  /** The last log lines of the stopped containers. */
  readonly logs: readonly string[];
  /** The state of the cluster's Auto Scaling group, if it has one and tasks could not be placed. */
  readonly cluster?: ClusterEvidence | undefined;
}

export interface ClusterEvidence {
  /** The number of container instances that can run tasks. */
  readonly connected: number;
  /** The number of instances of the group that have not joined the cluster. */
  readonly unregistered: number;
  /** The number of these that were started in the last ten minutes. */
  readonly joining: number;
  /** True if the desired capacity of the group is its maximum. */
  readonly isFull: boolean;
  /** The reasons for the failed launches of this run since the last one that succeeded, newest first. */
  readonly failedLaunches: readonly string[];
  /** True if launches fail for a reason that does not pass by itself. */
  readonly launchesFail: boolean;
}

/** The service did not become healthy. Code: `rollout-failed`; `diagnosis` says why. */
export class RolloutError extends QuaysideError {
  readonly diagnosis: DiagnosisCode;
  declare readonly docs: string;
  readonly evidence: RolloutEvidence;

  constructor(
    diagnosis: DiagnosisCode,
    message: string,
    evidence: RolloutEvidence,
    details: ErrorDetails = {},
  ) {
    super("rollout-failed", message, details);
    this.diagnosis = diagnosis;
    this.docs = `${DOCS}/troubleshooting/diagnoses#${diagnosis}`;
    this.evidence = mapTexts(evidence, printableLines);
    this.endWithFix();
  }
}

/** The caller's `AbortSignal` fired. Code: `aborted`. */
export class AbortedError extends QuaysideError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("aborted", message, { fix: "Run it again: completed steps are kept.", ...details });
  }
}

/** The run's `timeout` has passed, or AWS took longer than it usually does. Code: `timed-out`. */
export class TimeoutError extends QuaysideError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("timed-out", message, details);
  }
}
