import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { findTargetGroup } from "./lookups.js";
import { requireElb, validationError } from "./service-errors.js";
import { deregisterTarget, registerTarget } from "./target-health.js";

/** Targets by hand, besides those that ECS registers. */
export const createTargetHandlers = (account: Account) => ({
  async registerTargets(input: Elb.RegisterTargetsCommandInput): Answer<Elb.RegisterTargetsCommandOutput> {
    requireElb(input, ["TargetGroupArn", "Targets"]);
    const group = findTargetGroup(account, input.TargetGroupArn ?? "");
    const targets = readTargets(input.Targets, group.port);
    for (const target of targets) registerTarget(account, group.arn, target);
    return {};
  },

  async deregisterTargets(
    input: Elb.DeregisterTargetsCommandInput,
  ): Answer<Elb.DeregisterTargetsCommandOutput> {
    requireElb(input, ["TargetGroupArn", "Targets"]);
    const group = findTargetGroup(account, input.TargetGroupArn ?? "");
    for (const { Id: id = "", Port } of input.Targets ?? []) {
      // Without a port, every registration of the target ends.
      const ports = [...group.targets.values()].filter((target) => target.id === id).map(({ port }) => port);
      for (const port of Port === undefined ? ports : [Port])
        deregisterTarget(account, group.arn, { id, port });
    }
    return {};
  },
});

function readTargets(
  targets: readonly Elb.TargetDescription[] = [],
  defaultPort: number,
): { readonly id: string; readonly port: number }[] {
  if (targets.length === 0) throw validationError("At least one target must be specified");
  return targets.map(({ Id: id = "", Port: port = defaultPort }) => {
    if (id === "") throw validationError("A target must have an Id");
    if (port < 1 || port > 65_535)
      throw validationError(`Port '${port}' of target '${id}' must be between 1 and 65535`);
    return { id, port };
  });
}
