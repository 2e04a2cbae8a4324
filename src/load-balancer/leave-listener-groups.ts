import type { AwsContext } from "../aws/context.js";
import { NETWORK_SHIFT } from "../spec/ecs-blue-green.js";
import { forwardBy, weightsOf } from "./rules/rule-weights.js";

/**
 * Removes target groups from listeners of Network Load Balancers, so that they can be deleted: new connections go to the
 * one that is kept first. Those that are open stay with their tasks, which the service takes out of the old group next.
 */
export async function leaveListenerGroups(
  listeners: readonly { readonly listener: string; readonly to: string }[],
  groups: readonly string[],
  context: AwsContext,
): Promise<void> {
  const { elb } = context.aws;
  const read = await Promise.all(
    listeners.map(async ({ listener, to }) => {
      const { Listeners } = await elb.describeListeners({ ListenerArns: [listener] });
      return { listener, to, weights: weightsOf(Listeners?.[0]?.DefaultActions ?? []) };
    }),
  );
  const affected = read.filter(({ weights }) => weights.some(({ arn }) => groups.includes(arn)));
  if (affected.length === 0) return;
  for (const { listener: ListenerArn, to, weights } of affected) {
    const shifted = weights.map(({ arn }) => ({ arn, weight: arn === to ? 1 : 0 }));
    if (shifted.some(({ weight }, index) => weight !== weights[index]!.weight))
      await elb.modifyListener({ ListenerArn, DefaultActions: [forwardBy(shifted)] });
  }
  await context.clock.sleep(NETWORK_SHIFT * 1000, context.signal);
  for (const { listener: ListenerArn, to, weights } of affected) {
    const kept = weights.filter(({ arn }) => !groups.includes(arn));
    const shifted = kept.map(({ arn }) => ({ arn, weight: arn === to ? 1 : 0 }));
    await elb.modifyListener({ ListenerArn, DefaultActions: [forwardBy(shifted)] });
  }
}
