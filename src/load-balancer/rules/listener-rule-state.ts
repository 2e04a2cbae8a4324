import type { Tagged } from "../../engine/kind.js";

export interface ListenerRuleDesired extends Tagged {
  readonly listenerArn: string;
  /** Path patterns; empty: any path. */
  readonly path: readonly string[];
  /** Host patterns; empty: any host. */
  readonly host: readonly string[];
  /** The rule may forward to others as well, by weight: that is left alone as long as this is among them. */
  readonly targetGroupArn: string;
  /** Others that it shall forward to, at first with weight 0. Weights are never set again. */
  readonly standby?: readonly string[];
  /** `undefined`: chosen by how specific the rule is, and then kept. */
  readonly priority: number | undefined;
  /** Of a further rule of a route whose first one has a given priority: it comes after that, and stays. */
  readonly after?: number | undefined;
}

export interface ListenerRuleState {
  readonly arn: string;
  readonly priority: number;
}
