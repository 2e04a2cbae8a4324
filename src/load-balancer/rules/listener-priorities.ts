import type { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../../aws/context.js";
import { rulesOf } from "../elb-pages.js";
import { wantedPriorities } from "./planned-moves.js";
import type { Route } from "./rule-conditions.js";
import { freePriority, nextPriority, rankedRoutes, rulePriority, type RankedRoute } from "./rule-priority.js";

/** The priorities of one listener in a run: those of existing rules, and those that the run has reserved. */
export class ListenerPriorities {
  readonly #listenerArn: string;
  readonly #context: AwsContext;
  /** The rules at the last read. */
  rules: readonly Rule[] = [];
  #existing: readonly RankedRoute[] = [];
  readonly #reserved: RankedRoute[] = [];

  private constructor(listenerArn: string, context: AwsContext) {
    this.#listenerArn = listenerArn;
    this.#context = context;
  }

  /**
   * Returns one instance per run and listener, so that rules that are created concurrently get different
   * priorities.
   */
  static async of(listenerArn: string, context: AwsContext): Promise<ListenerPriorities> {
    const key = `rule priorities of ${listenerArn}`;
    const known = context.runCache.get(key) as Promise<ListenerPriorities> | undefined;
    if (known !== undefined) return known;
    const priorities = new ListenerPriorities(listenerArn, context);
    const loading = priorities.refresh().then(() => priorities);
    context.runCache.set(key, loading);
    // Failures are not cached, so that the next call retries.
    loading.catch(() => context.runCache.delete(key));
    return loading;
  }

  /** Reads the listener's rules again. */
  async refresh(): Promise<readonly Rule[]> {
    this.rules = await rulesOf(this.#listenerArn, this.#context);
    this.#existing = this.rules.flatMap(rankedRoutes);
    return this.rules;
  }

  /** The rule that had the priority at the last read. */
  at(priority: number): string | undefined {
    return this.rules.find(({ Priority }) => Number(Priority) === priority)?.RuleArn;
  }

  /** A priority for a rule whose own one is taken until another rule of the run leaves it. */
  besideOf(route: Route, priority: number): number | undefined {
    const wanted = wantedPriorities(this.#listenerArn, this.#context);
    const free = freePriority(priority, [...this.#existing, ...this.#reserved, ...wanted]);
    if (free !== undefined) this.#reserved.push({ ...route, priority: free });
    return free;
  }

  /** Reserves a priority for this run, the next one after `after` if given; `undefined` if none is free. */
  reserve(route: Route, after?: number): number | undefined {
    const wanted = wantedPriorities(this.#listenerArn, this.#context);
    const others = [...this.#existing, ...this.#reserved, ...wanted];
    const priority = after === undefined ? rulePriority(route, others) : nextPriority(after, others);
    if (priority !== undefined) this.#reserved.push({ ...route, priority });
    return priority;
  }
}
