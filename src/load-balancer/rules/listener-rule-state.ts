import type { Tagged } from "../../engine/kind.js";
import type { AuthenticateSpec } from "../../spec/authenticate.js";
import type { AnswerAction } from "../../spec/answer-actions.js";
import type { NamedConditions } from "./rule-conditions.js";

export interface ListenerRuleDesired extends Tagged, Partial<NamedConditions> {
  readonly listenerArn: string;
  /** Path patterns; empty: any path. */
  readonly path: readonly string[];
  /** Host patterns; empty: any host. */
  readonly host: readonly string[];
  /**
   * `undefined` for a rule with an answer. The rule may also forward to others, by weight; this is kept as long as this target group is among them.
   */
  readonly targetGroupArn?: string | undefined;
  /** The load balancer's own answer, in place of a forward. */
  readonly action?: AnswerAction | undefined;
  /** Other target groups that it forwards to, initially with weight 0. Weights are never set again. */
  readonly standby?: readonly string[];
  /**
   * True for the new rule of a route that the live color does not have: as long as that color is live, its main target
   * group gets the requests.
   */
  readonly servedByMain?: true | undefined;
  /** Seconds for which the cookies of the target groups bind a client to a target; `undefined`: no stickiness. */
  readonly stickiness?: number | undefined;
  /** The sign-in before the forward; `undefined`: none. */
  readonly authenticate?: AuthenticateSpec | undefined;
  /** `undefined`: chosen by how specific the rule is, and then kept. */
  readonly priority: number | undefined;
  /**
   * For a further rule of a route whose first rule has a given priority: that priority, after which the rule
   * is placed.
   */
  readonly after?: number | undefined;
}

export interface ListenerRuleState {
  readonly arn: string;
  readonly priority: number;
}
