import type { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../../aws/context.js";
import { rulesOf } from "../elb-pages.js";
import { routeOf, type Route } from "./rule-conditions.js";
import { nextPriority, rulePriority, type RankedRoute } from "./rule-priority.js";

/** The priorities of one listener as a run sees them: what is there, and what it has given away itself. */
export class RulePlaces {
  readonly #listenerArn: string;
  readonly #context: AwsContext;
  /** What was there when it was last looked at. */
  rules: readonly Rule[] = [];
  #there: readonly RankedRoute[] = [];
  readonly #reserved: RankedRoute[] = [];

  private constructor(listenerArn: string, context: AwsContext) {
    this.#listenerArn = listenerArn;
    this.#context = context;
  }

  /** One a run and listener: rules that are made at the same time do not take each other's place. */
  static async of(listenerArn: string, context: AwsContext): Promise<RulePlaces> {
    const key = `rule places of ${listenerArn}`;
    const known = context.runCache.get(key) as Promise<RulePlaces> | undefined;
    if (known !== undefined) return known;
    const places = new RulePlaces(listenerArn, context);
    const looked = places.look().then(() => places);
    context.runCache.set(key, looked);
    // A failure is not remembered: the next who asks may have more luck.
    looked.catch(() => context.runCache.delete(key));
    return looked;
  }

  /** Looks at the listener anew. */
  async look(): Promise<readonly Rule[]> {
    this.rules = await rulesOf(this.#listenerArn, this.#context);
    this.#there = this.rules.flatMap(ranked);
    return this.rules;
  }

  /** A place that nobody else of this run gets, the next one after another if given; `undefined` when there is none. */
  reserve(route: Route, after?: number): number | undefined {
    const others = [...this.#there, ...this.#reserved];
    const priority = after === undefined ? rulePriority(route, others) : nextPriority(after, others);
    if (priority !== undefined) this.#reserved.push({ ...route, priority });
    return priority;
  }
}

/** What a rule means for the choice of another one's priority. */
export function ranked({ IsDefault, Priority, Conditions = [] }: Rule): RankedRoute[] {
  return IsDefault === true ? [] : [{ ...routeOf(Conditions), priority: Number(Priority) }];
}
