import type { Listener, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";

/** All listeners of a load balancer; none when it is not there. */
export async function listenersOf(loadBalancerArn: string, context: AwsContext): Promise<Listener[]> {
  return pages(async (Marker) => {
    const page = await ignoreNotFound(
      context.aws.elb.describeListeners({
        LoadBalancerArn: loadBalancerArn,
        ...(Marker !== undefined && { Marker }),
      }),
    );
    return { items: page?.Listeners, next: page?.NextMarker };
  });
}

/** All rules of a listener, the default one too; none when it is not there. */
export async function rulesOf(listenerArn: string, context: AwsContext): Promise<Rule[]> {
  return pages(async (Marker) => {
    const page = await ignoreNotFound(
      context.aws.elb.describeRules({ ListenerArn: listenerArn, ...(Marker !== undefined && { Marker }) }),
    );
    return { items: page?.Rules, next: page?.NextMarker };
  });
}

async function pages<T>(
  read: (marker: string | undefined) => Promise<{ items: T[] | undefined; next: string | undefined }>,
): Promise<T[]> {
  const all: T[] = [];
  let marker: string | undefined;
  do {
    const { items, next } = await read(marker);
    all.push(...(items ?? []));
    marker = next === "" ? undefined : next;
  } while (marker !== undefined);
  return all;
}
