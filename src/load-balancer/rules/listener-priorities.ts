import type { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../../aws/context.js";
import { rulesOf } from "../elb-pages.js";
import { routeOf, type Route } from "./rule-conditions.js";
import { nextPriority, rulePriority, type RankedRoute } from "./rule-priority.js";

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

  /** Reserves a priority for this run, the next one after `after` if given; `undefined` if none is free. */
  reserve(route: Route, after?: number): number | undefined {
    const others = [...this.#existing, ...this.#reserved];
    const priority = after === undefined ? rulePriority(route, others) : nextPriority(after, others);
    if (priority !== undefined) this.#reserved.push({ ...route, priority });
    return priority;
  }
}

/** A rule's route and priority, for the choice of another rule's priority; none for the default rule. */
export function rankedRoutes({ IsDefault, Priority, Conditions = [] }: Rule): RankedRoute[] {
  return IsDefault === true ? [] : [{ ...routeOf(Conditions), priority: Number(Priority) }];
}
