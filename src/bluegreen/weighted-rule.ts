import type { Action, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { PresentEndpoint } from "../load-balancer/rules/present-routes.js";
import type { GroupWeight } from "../load-balancer/rules/rule-weights.js";
import type { Color } from "./colors.js";

/** A color, or the service from before the deployment became blue/green. */
export type Side = Color | "rolling";

/** A rule that divides the traffic between the colors: there is at least one for each listener and route. */
export interface WeightedRule {
  readonly arn: string;
  readonly listenerArn: string;
  readonly priority: number;
  readonly actions: readonly Action[];
  readonly weights: readonly GroupWeight[];
  readonly conditions: readonly RuleCondition[];
  /** True if it is of a route to another container or port than the main one. */
  readonly isFurther: boolean;
  /** Which of its target groups is whose. */
  readonly groups: Readonly<Partial<Record<Side, string>>>;
}

/** A rule that leads a person to a color before it gets traffic. */
export interface PreviewRule {
  readonly arn: string;
  readonly listenerArn: string;
  /** As in results and in the IDs of resources. */
  readonly name: string;
  readonly conditions: readonly RuleCondition[];
  readonly targetGroupArn: string | undefined;
  readonly dnsName: string;
  readonly endpoint: PresentEndpoint;
}
