import type { Listener, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { paginate } from "../aws/paginate.js";

/** All listeners of a load balancer; none if the load balancer does not exist. */
export const listenersOf = (LoadBalancerArn: string, { aws }: AwsContext): Promise<Listener[]> =>
  paginate(
    "Marker",
    (next) => ignoreNotFound(aws.elb.describeListeners({ LoadBalancerArn, ...next })),
    ({ Listeners }) => Listeners,
  );

/** All rules of a listener, with the default rule; none if the listener does not exist. */
export const rulesOf = (ListenerArn: string, { aws }: AwsContext): Promise<Rule[]> =>
  paginate(
    "Marker",
    (next) => ignoreNotFound(aws.elb.describeRules({ ListenerArn, ...next })),
    ({ Rules }) => Rules,
  );
