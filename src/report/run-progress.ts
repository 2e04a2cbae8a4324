import type { Action, LocalScope, QuaysideEvent } from "../engine/events.js";
import { rolloutEnd, type Rollout } from "./rollout-text.js";

/** Work in progress: a resource that is being changed, or that the run waits for. */
export interface Work {
  readonly resource: string;
  readonly name: string;
  /** What it waits for, or the progress of a long step. */
  readonly why: string | undefined;
  readonly since: number;
}

/** For so long a retry is what AWS's eventual consistency needs, and says nothing to a person. */
const NORMAL_RETRIES = 30_000;
/** A call that was not retried for so long has succeeded. */
const RETRIES_END = 60_000;

/** How far a run is, from its events. Its clock is the cloud's. */
export class RunProgress {
  readonly work = new Map<string, Work>();
  /** The rollouts in progress, by service. */
  readonly rollouts = new Map<string, Rollout>();
  readonly done = new Map<Action, number>();
  /** The number of planned steps. */
  total = 0;
  kept = 0;
  /** The number of runs that were planned. */
  runs = 0;
  startedAt: number | undefined;
  #lastAt = -Infinity;
  #lastRead = 0;
  #local: LocalScope | undefined;
  /** The messages and fixes of failures that were reported in this run. */
  readonly #said = new Set<string>();
  readonly #retries = new Map<string, { first: number; last: number; shown: boolean }>();

  add(event: QuaysideEvent): void {
    this.#follow(event);
    if (event.type === "planned") {
      this.total = event.create + event.update + event.delete;
      this.kept = event.kept ?? 0;
      this.runs++;
      this.#local = event.local;
      this.done.clear();
      this.#said.clear();
    }
    if (event.type === "failed" || event.type === "rollout-failed") this.#said.add(event.message);
    if (event.type === "rollout-failed") this.#said.add(event.fix);
    if (event.type === "finished") this.done.set(event.action, (this.done.get(event.action) ?? 0) + 1);
    if (event.type === "rollout" && rolloutEnd(event) === undefined) this.rollouts.set(event.service, event);
    if (event.type === "rollout" && rolloutEnd(event) !== undefined) this.rollouts.delete(event.service);
    if (event.type === "rollout-failed") this.rollouts.delete(event.service);
    if (event.type === "ended") {
      this.work.clear();
      this.rollouts.clear();
    }
    if ("resource" in event) this.#addWork(event);
  }

  #addWork(event: Extract<QuaysideEvent, { resource: string }>): void {
    const { resource, name, type } = event;
    const key = `${resource}/${name}`;
    const since = this.work.get(key)?.since ?? event.at;
    if (type === "started") this.work.set(key, { resource, name, why: undefined, since });
    else if (type === "waiting") this.work.set(key, { resource, name, why: event.why, since });
    else if (type === "progress") this.work.set(key, { resource, name, why: undefined, since });
    else this.work.delete(key);
  }

  #follow(event: QuaysideEvent): void {
    if (this.startedAt === undefined) this.startedAt = event.at;
    if (event.type === "planned") this.startedAt = event.startedAt ?? event.at;
    // Events of ECS are older than those before them.
    if (event.at <= this.#lastAt) return;
    this.#lastAt = event.at;
    this.#lastRead = Date.now();
  }

  /** The cloud's time now: since the last event, its clock has gone on at its speed. */
  now(): number {
    const speed = this.#local === undefined ? 1 : this.#local.clock === "real" ? this.#local.timeScale : 0;
    return this.#lastAt + Math.max(0, Date.now() - this.#lastRead) * speed;
  }

  /** Seconds since the run began. */
  elapsed(at = this.now()): number {
    return Math.max(0, at - (this.startedAt ?? at)) / 1000;
  }

  get count(): number {
    return [...this.done.values()].reduce((sum, each) => sum + each, 0);
  }

  /** What the end of the run has to say of its failure: what no event before has said. */
  unsaid({ message, fix }: { readonly message?: string | undefined; readonly fix?: string | undefined }): {
    readonly message: string | undefined;
    readonly fix: string | undefined;
  } {
    const unlessSaid = (text: string | undefined) =>
      text !== undefined && this.#said.has(text) ? undefined : text;
    return { message: unlessSaid(message), fix: unlessSaid(fix) };
  }

  /** What the run waits for, longest first. */
  get waits(): readonly Work[] {
    return [...this.work.values()].sort((one, other) => one.since - other.since);
  }

  /** True if the call has been retried for longer than is normal; it is said once. */
  isLastingRetry({ at, operation, code }: Extract<QuaysideEvent, { type: "retrying" }>): boolean {
    const key = `${operation} ${code}`;
    const known = this.#retries.get(key);
    if (known === undefined || at - known.last > RETRIES_END) {
      this.#retries.set(key, { first: at, last: at, shown: false });
      return false;
    }
    known.last = at;
    if (known.shown || at - known.first < NORMAL_RETRIES) return false;
    return (known.shown = true);
  }
}
