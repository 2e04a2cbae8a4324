import type { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../aws/context.js";
import { rulesOf } from "./elb-pages.js";
import { routeOf, type Route } from "./rule-conditions.js";
import { rulePriority, type RankedRoute } from "./rule-priority.js";

/** The priorities of one listener as a run sees them: what is there, and what it has given away itself. */
export class RulePlaces {
  readonly #listenerArn: string;
  readonly #context: AwsContext;
  #there: readonly RankedRoute[] = [];
  readonly #reserved: RankedRoute[] = [];

  private constructor(listenerArn: string, context: AwsContext) {
    this.#listenerArn = listenerArn;
    this.#context = context;
  }

  /** One a run and listener: rules that are made at the same time do not take each other's place. */
  static async of(listenerArn: string, context: AwsContext): Promise<RulePlaces> {
    const key = `rule places of ${listenerArn}`;
    const known = context.memory.get(key) as Promise<RulePlaces> | undefined;
    if (known !== undefined) return known;
    const places = new RulePlaces(listenerArn, context);
    const looked = places.look().then(() => places);
    context.memory.set(key, looked);
    // A failure is not remembered: the next who asks may have more luck.
    looked.catch(() => context.memory.delete(key));
    return looked;
  }

  /** Looks at the listener anew. */
  async look(): Promise<readonly Rule[]> {
    const rules = await rulesOf(this.#listenerArn, this.#context);
    this.#there = rules.flatMap(ranked);
    return rules;
  }

  /** A place that nobody else of this run gets; `undefined` when there is none. */
  reserve(route: Route): number | undefined {
    const priority = rulePriority(route, [...this.#there, ...this.#reserved]);
    if (priority !== undefined) this.#reserved.push({ ...route, priority });
    return priority;
  }
}

/** What a rule means for the choice of another one's priority. */
export function ranked({ IsDefault, Priority, Conditions = [] }: Rule): RankedRoute[] {
  return IsDefault === true ? [] : [{ ...routeOf(Conditions), priority: Number(Priority) }];
}
