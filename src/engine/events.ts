/** What a step does to a resource. */
export type Action = "create" | "update" | "replace" | "delete" | "none";

/** The part that all events about a resource have in common. */
export interface ResourceEvent {
  /** Milliseconds since the epoch, by the cloud's clock. */
  readonly at: number;
  readonly resource: string;
  readonly name: string;
}

/** What happens in a run, as plain data. */
export type QuaysideEvent =
  /** The plan is made; what follows carries it out. */
  | {
      readonly type: "planned";
      readonly at: number;
      readonly create: number;
      readonly update: number;
      readonly delete: number;
      readonly none: number;
    }
  | (ResourceEvent & { readonly type: "started"; readonly action: Action })
  | (ResourceEvent & { readonly type: "finished"; readonly action: Action; readonly seconds: number })
  | (ResourceEvent & {
      readonly type: "failed";
      readonly action: Action;
      readonly code: string;
      readonly message: string;
    })
  /** It exists; the run waits until it can be used. */
  | (ResourceEvent & { readonly type: "waiting"; readonly why: string })
  | (ResourceEvent & { readonly type: "ready"; readonly seconds: number })
  /** How far a long piece of work is. */
  | (ResourceEvent & {
      readonly type: "progress";
      /** What part of it: `build`, `push`. */
      readonly phase: string;
      /** What has been or is being done: `COPY server.mjs ./`. */
      readonly text: string;
      readonly done: number | undefined;
      readonly total: number | undefined;
      readonly unit: "steps" | "layers" | "bytes" | undefined;
    })
  /** What the user should know, and need not act on now. */
  | { readonly type: "warning"; readonly at: number; readonly message: string }
  /** A refusal that passes by itself is being waited out. */
  | {
      readonly type: "retrying";
      readonly at: number;
      readonly operation: string;
      readonly code: string;
      readonly why: string;
    }
  /** The state of a service's rollout, whenever it changes. */
  | {
      readonly type: "rollout";
      readonly at: number;
      readonly service: string;
      readonly status: string;
      readonly desired: number;
      readonly running: number;
      readonly pending: number;
      readonly failed: number;
      readonly healthyTargets: number | undefined;
    }
  /** What the service itself says. */
  | {
      readonly type: "service-event";
      readonly at: number;
      readonly service: string;
      readonly message: string;
    }
  /** A line that a one-off task has written. */
  | {
      readonly type: "log";
      readonly at: number;
      /** The job's or the deployment's name. */
      readonly name: string;
      readonly task: string;
      readonly message: string;
    }
  /** Why a rollout ends without success: what the `RolloutError` that follows says. */
  | {
      readonly type: "rollout-failed";
      readonly at: number;
      readonly service: string;
      readonly diagnosis: string;
      readonly message: string;
      readonly fix: string;
      /** What has become of it: `rolled back to the version before`. */
      readonly ending: string | undefined;
      readonly stopped: readonly { readonly count: number; readonly reason: string }[];
      readonly logs: readonly string[];
    }
  /** How the requests are divided between the colors of a blue/green deployment, when that changes. */
  | {
      readonly type: "traffic";
      readonly at: number;
      readonly deployment: string;
      /** Per cent. */
      readonly weights: Readonly<Record<"blue" | "green", number>>;
      readonly why: string;
    }
  /** The user's `verify` looks at the new color, which has so many per cent of the requests. */
  | {
      readonly type: "verification";
      readonly at: number;
      readonly deployment: string;
      readonly color: "blue" | "green";
      readonly percent: number;
      readonly state: "started" | "passed" | "failed";
      readonly message: string | undefined;
    }
  /** The new color is watched with its present share of the requests. */
  | {
      readonly type: "bake";
      readonly at: number;
      readonly deployment: string;
      readonly color: "blue" | "green";
      readonly percent: number;
      readonly until: number;
    }
  /** The color without requests keeps running: until then, or until `retire()`. */
  | {
      readonly type: "kept";
      readonly at: number;
      readonly deployment: string;
      readonly color: "blue" | "green";
      readonly until: number | undefined;
    }
  /** The run is over; `code` is the error's that ended it early. Always the last event. */
  | {
      readonly type: "ended";
      readonly at: number;
      readonly seconds: number;
      readonly code: string | undefined;
    };

export type Emit = (event: QuaysideEvent) => void;
