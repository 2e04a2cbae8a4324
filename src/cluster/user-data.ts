/**
 * What an instance runs at its first boot. Without `ECS_CLUSTER` the agent would register with a
 * cluster named `default`.
 */
export function userData(clusterName: string, lines?: string): string {
  const script = ["#!/bin/bash", `echo ECS_CLUSTER=${clusterName} >> /etc/ecs/ecs.config`];
  if (lines !== undefined && lines.trim() !== "") script.push(lines.trim());
  return `${script.join("\n")}\n`;
}
