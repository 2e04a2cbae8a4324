/** What a run had done when it ended early: the same shape that a finished run reports. */
export interface RunOutcome {
  readonly done: readonly OutcomeEntry[];
  readonly notDone: readonly OutcomeEntry[];
}

export interface OutcomeEntry {
  readonly action: string;
  readonly resource: string;
  readonly name: string;
}

export interface ErrorDetails {
  readonly facts?: Readonly<Record<string, unknown>> | undefined;
  readonly fix?: string | undefined;
  readonly cause?: unknown;
  readonly outcome?: RunOutcome | undefined;
}

/**
 * The root of every error that quayside throws.
 *
 * `message` reads "{what happened}: {why}"; `code` never changes between versions, so decide by it
 * (also across the ESM and CJS builds, where `instanceof` differs); `fix` says what to do next.
 */
export class QuaysideError extends Error {
  readonly code: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly fix: string | undefined;
  /** Set when the run had begun: what was done and what was not. Running again continues from there. */
  outcome: RunOutcome | undefined;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.facts = details.facts ?? {};
    this.fix = details.fix;
    this.outcome = details.outcome;
  }
}

export interface SpecIssue {
  /** Where the bad value is, as the user wrote it: `container.cpu`, `cluster.ec2.instanceType`. */
  readonly path: string;
  readonly message: string;
}

/** The description is wrong. Thrown before any AWS call. Code: `invalid-spec`. */
export class SpecError extends QuaysideError {
  readonly issues: readonly SpecIssue[];

  constructor(subject: string, issues: readonly SpecIssue[], details: ErrorDetails = {}) {
    const lines = issues.map((issue) => `${issue.path}: ${issue.message}`);
    const why = lines.length === 1 ? ` ${lines[0]}` : `\n  ${lines.join("\n  ")}`;
    super("invalid-spec", `${subject} is not valid:${why}`, details);
    this.issues = issues;
  }
}

/** Something of that name exists and does not carry our tags. Code: `not-owned`. */
export class OwnershipError extends QuaysideError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("not-owned", message, details);
  }
}

/** AWS refused a call. Code: `aws-refused`. */
export class AwsError extends QuaysideError {
  readonly service: string;
  readonly operation: string;
  /** AWS's own code, for example `InvalidParameterException`. */
  readonly awsCode: string;

  constructor(
    service: string,
    operation: string,
    awsCode: string,
    message: string,
    details: ErrorDetails = {},
  ) {
    super("aws-refused", message, details);
    this.service = service;
    this.operation = operation;
    this.awsCode = awsCode;
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
  /** Stopped tasks of this rollout, grouped by what stopped them. */
  readonly stopped: readonly StoppedTasks[];
  readonly targets: readonly TargetHealth[];
  /** ECS's own events, newer than the start of this rollout, newest first. */
  readonly events: readonly ServiceEvent[];
  /** The last lines that the dead containers wrote. */
  readonly logs: readonly string[];
  /** What the cluster's own Auto Scaling group says, where tasks found no place and there is one. */
  readonly cluster?: ClusterEvidence | undefined;
}

export interface ClusterEvidence {
  /** Container instances that can take tasks. */
  readonly connected: number;
  /** Instances of the group that have not joined the cluster. */
  readonly unregistered: number;
  /** Of these, those that were started in the last ten minutes. */
  readonly joining: number;
  /** The group is to have as many instances as it may have. */
  readonly isFull: boolean;
  /** Why launches failed lately, newest first. */
  readonly failedLaunches: readonly string[];
}

/** The service did not become healthy. Code: `rollout-failed`; `diagnosis` says why. */
export class RolloutError extends QuaysideError {
  readonly diagnosis: string;
  readonly evidence: RolloutEvidence;

  constructor(diagnosis: string, message: string, evidence: RolloutEvidence, details: ErrorDetails = {}) {
    super("rollout-failed", message, details);
    this.diagnosis = diagnosis;
    this.evidence = evidence;
  }
}

/** The caller's `AbortSignal` fired. Code: `aborted`. */
export class AbortedError extends QuaysideError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("aborted", message, { fix: "Run it again: it continues from what was done.", ...details });
  }
}

/** The run's own `timeout` passed, or AWS did not get there in the time that it usually needs. Code: `timed-out`. */
export class TimeoutError extends QuaysideError {
  constructor(message: string, details: ErrorDetails = {}) {
    super("timed-out", message, details);
  }
}
