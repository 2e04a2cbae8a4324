import { BOTTLEROCKET_AGENT } from "../spec/host-agent.js";

/** The operating system of an instance, which decides how its agent is configured. */
export type HostSystem = "amazon-linux" | "bottlerocket";

export interface HostBoot {
  readonly clusterName: string;
  readonly system: HostSystem;
  readonly spot: boolean;
  /** Settings of the ECS agent, by its variables. */
  readonly agent?: Readonly<Record<string, string>> | undefined;
  /** The user's shell commands. */
  readonly commands?: string | undefined;
}

/**
 * What an instance reads at its first boot. Without a cluster, the agent would register with one named `default`;
 * and by default it does not drain when EC2 takes a Spot Instance back. Source: ECS Developer Guide, "Container
 * agent configuration", "Configuring Amazon ECS Linux container instances to receive Spot Instance notices";
 * Bottlerocket, "settings.ecs".
 */
export function userData({ clusterName, system, spot, agent = {}, commands }: HostBoot): string {
  if (system === "bottlerocket") {
    const settings = ["[settings.ecs]", `cluster = "${clusterName}"`];
    if (spot) settings.push("enable-spot-instance-draining = true");
    for (const [name, value] of Object.entries(agent)) {
      const [key, form] = BOTTLEROCKET_AGENT[name] ?? [];
      if (key !== undefined) settings.push(`${key} = ${form === "raw" ? value : JSON.stringify(value)}`);
    }
    return `${settings.join("\n")}\n`;
  }
  const script = ["#!/bin/bash", `echo ECS_CLUSTER=${clusterName} >> /etc/ecs/ecs.config`];
  if (spot) script.push("echo ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config");
  for (const [name, value] of Object.entries(agent))
    script.push(`echo '${name}=${value}' >> /etc/ecs/ecs.config`);
  if (commands !== undefined && commands.trim() !== "") script.push(commands.trim());
  return `${script.join("\n")}\n`;
}
