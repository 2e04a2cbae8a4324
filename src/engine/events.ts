import type { DiagnosisCode } from "../diagnosis-codes.js";

/** The effect of a step on a resource. */
export type Action = "create" | "update" | "replace" | "delete" | "none";

/** The part that all events about a resource have in common. */
export interface ResourceEvent {
  /** Milliseconds since the epoch, by the cloud's clock. */
  readonly at: number;
  readonly resource: string;
  readonly name: string;
  /** In a fleet's run: the deployment that owns the resource; `undefined` if deployments share it. */
  readonly deployment?: string | undefined;
}

/** The local cloud's clock, which all times and durations of a run are of. */
export type LocalScope =
  | {
      readonly clock: "real";
      /** How many times faster AWS's time passes than the computer's. */
      readonly timeScale: number;
    }
  | {
      readonly clock: "virtual";
      /** The `seed` option of the cloud, if it is set: with it, the run can be repeated. */
      readonly seed?: number | undefined;
    };

/** An event of a run, as plain data. */
export type QuaysideEvent =
  /** The plan is complete; the following events are about applying it. */
  | {
      readonly type: "planned";
      readonly at: number;
      /** The id of the caller's account; `undefined` if AWS STS did not answer. */
      readonly account: string | undefined;
      readonly region: string;
      /** Set on the local cloud. */
      readonly local?: LocalScope | undefined;
      /** In a fleet's run: the names of its deployments. */
      readonly deployments?: readonly string[] | undefined;
      /** When the run began. */
      readonly startedAt?: number | undefined;
      readonly create: number;
      readonly update: number;
      readonly delete: number;
      readonly none: number;
      /** The resources that a destroy does not delete. */
      readonly kept?: number | undefined;
      /** The whole plan. Not enumerable: the event as JSON stays short. */
      readonly plan?: { toString(): string; toMarkdown(): string } | undefined;
    }
  | (ResourceEvent & {
      readonly type: "started";
      readonly action: Action;
      /** What it had to wait for, as `resource/name`. */
      readonly needs?: readonly string[] | undefined;
    })
  | (ResourceEvent & { readonly type: "finished"; readonly action: Action; readonly seconds: number })
  | (ResourceEvent & {
      readonly type: "failed";
      readonly action: Action;
      readonly code: string;
      readonly message: string;
    })
  /** The resource exists; the run waits until it is usable. */
  | (ResourceEvent & { readonly type: "waiting"; readonly why: string })
  | (ResourceEvent & { readonly type: "ready"; readonly seconds: number })
  /** The progress of a long step. */
  | (ResourceEvent & {
      readonly type: "progress";
      /** The part of the step: `build`, `push`. */
      readonly phase: string;
      /** The work in progress: `COPY server.mjs ./`. */
      readonly text: string;
      readonly done: number | undefined;
      readonly total: number | undefined;
      readonly unit: "steps" | "layers" | "bytes" | undefined;
    })
  /** Something that the user should know, and that does not stop the run. */
  | {
      readonly type: "warning";
      readonly at: number;
      readonly deployment?: string | undefined;
      readonly message: string;
    }
  /** A call failed with an error that is temporary, and is retried. */
  | {
      readonly type: "retrying";
      readonly at: number;
      readonly deployment?: string | undefined;
      readonly operation: string;
      readonly code: string;
      readonly why: string;
    }
  /** The state of a service's rollout has changed. */
  | {
      readonly type: "rollout";
      readonly at: number;
      readonly deployment?: string | undefined;
      readonly service: string;
      readonly status: string;
      readonly desired: number;
      readonly running: number;
      readonly pending: number;
      readonly failed: number;
      readonly healthyTargets: number | undefined;
    }
  /** An event of the ECS service. */
  | {
      readonly type: "service-event";
      readonly at: number;
      readonly deployment?: string | undefined;
      readonly service: string;
      readonly message: string;
    }
  /** A log line of a one-off task. */
  | {
      readonly type: "log";
      readonly at: number;
      readonly deployment?: string | undefined;
      /** The job's or the deployment's name. */
      readonly name: string;
      readonly task: string;
      readonly message: string;
    }
  /** A rollout failed; a `RolloutError` with the same facts follows. */
  | {
      readonly type: "rollout-failed";
      readonly at: number;
      readonly deployment?: string | undefined;
      readonly service: string;
      readonly diagnosis: DiagnosisCode;
      readonly message: string;
      readonly fix: string;
      /** The result: `rolled back to the previous version`. */
      readonly ending: string | undefined;
      readonly stopped: readonly {
        readonly count: number;
        readonly reason: string;
        /** True if `message` says this cause, perhaps in other words. */
        readonly isCause?: boolean;
      }[];
      readonly logs: readonly string[];
    }
  /** The traffic of a blue/green deployment was shifted between its colors. */
  | {
      readonly type: "traffic";
      readonly at: number;
      readonly deployment: string;
      /** Percent of the traffic. */
      readonly weights: Readonly<Record<"blue" | "green", number>>;
      readonly why: string;
    }
  /** The user's `verify` checks the new color, which gets `percent` of the traffic. */
  | {
      readonly type: "verification";
      readonly at: number;
      readonly deployment: string;
      readonly color: "blue" | "green";
      readonly percent: number;
      readonly state: "started" | "passed" | "failed";
      readonly message: string | undefined;
    }
  /** The new color is watched with its present share of the traffic. */
  | {
      readonly type: "bake";
      readonly at: number;
      readonly deployment: string;
      readonly color: "blue" | "green";
      readonly percent: number;
      readonly until: number;
    }
  /** The color without traffic keeps running: until this time, or until `retire()`. */
  | {
      readonly type: "kept";
      readonly at: number;
      readonly deployment: string;
      readonly color: "blue" | "green";
      readonly until: number | undefined;
    }
  /** The run has ended, always the last event; `code`, `message`, `fix` and `docs` are those of the error, if it failed. */
  | {
      readonly type: "ended";
      readonly at: number;
      readonly seconds: number;
      readonly code: string | undefined;
      readonly message?: string | undefined;
      readonly fix?: string | undefined;
      readonly docs?: string | undefined;
    };

export type Emit = (event: QuaysideEvent) => void;
