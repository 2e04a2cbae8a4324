import type { LocalCloud } from "../../src/local/index.js";

const EVERY = 1_000;
const totals = new WeakMap<LocalCloud, number>();

/**
 * From now on the load of each service is its share of `cpu` by the weights of the deployment's rules:
 * as it is in AWS, whoever has moved the requests.
 */
export function followTraffic(cloud: LocalCloud, cpu: number): void {
  const isFollowed = totals.has(cloud);
  totals.set(cloud, cpu);
  if (isFollowed) return;
  const { account } = cloud;
  const shares = (): Map<string, number> => {
    const weights = new Map<string, number>();
    for (const { actions, tags } of account.elb.rules.values()) {
      if (tags.get("quayside:kind") !== "listener-rule") continue;
      for (const { TargetGroupArn = "", Weight = 1 } of actions[0]?.ForwardConfig?.TargetGroups ?? [])
        weights.set(TargetGroupArn, Weight);
      const single = actions[0]?.TargetGroupArn;
      if (single !== undefined) weights.set(single, 1);
    }
    const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
    return new Map([...weights].map(([arn, weight]) => [arn, weight / total]));
  };
  const look = (): void => {
    const byGroup = shares();
    for (const { services } of account.ecs.clusters.values()) {
      for (const [name, { description }] of services) {
        const share = byGroup.get(description.loadBalancers?.[0]?.targetGroupArn ?? "") ?? 0;
        const load = { cpu: share * totals.get(cloud)! };
        if (account.cloudWatch.loads.get(name)?.cpu !== load.cpu) cloud.load(name, load);
      }
    }
    account.clock.schedule(EVERY, look, "background");
  };
  look();
}
