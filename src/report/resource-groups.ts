const GROUPS: readonly (readonly [name: string, kinds: readonly string[]])[] = [
  [
    "Network",
    [
      "network",
      "vpc-addresses",
      "vpc",
      "internet-gateway",
      "subnet",
      "route-table",
      "elastic-ip",
      "nat-gateway",
      "vpc-endpoint",
      "security-group",
      "security-group-rule",
    ],
  ],
  [
    "Cluster",
    [
      "cluster",
      "key-pair",
      "launch-template",
      "auto-scaling-group",
      "managed-instances",
      "capacity-provider",
      "cluster-capacity-provider",
      "instance-bounds",
      "instance-scaling-policy",
      "instance-schedule",
      "instance-refresh",
    ],
  ],
  ["Permissions", ["iam-role", "instance-profile"]],
  [
    "Load balancer",
    ["load-balancer", "listener", "certificate", "requested-certificate", "listener-certificate"],
  ],
  ["Domain", ["hosted-zone", "dns-record", "validation-record"]],
  ["Service discovery", ["namespace", "discovery-service", "service-connect"]],
  ["Image", ["ecr-repository", "image"]],
  ["Service", ["log-group", "task-definition", "before-release", "target-group", "listener-rule", "service"]],
  ["Scaling", ["scalable-target", "scaling-policy", "scheduled-action", "alarm", "alarm-action"]],
  ["Schedule", ["schedule-group", "schedule", "keep-old-schedule"]],
];

/** The changes by the part of a deployment that they are of, each group in the order of the changes. */
export function groupResources<Item extends { readonly resource: string }>(
  items: readonly Item[],
): (readonly [name: string, items: readonly Item[]])[] {
  const known = new Set(GROUPS.flatMap(([, kinds]) => kinds));
  return [
    ...GROUPS.map(
      ([name, kinds]) => [name, items.filter(({ resource }) => kinds.includes(resource))] as const,
    ),
    ["Other", items.filter(({ resource }) => !known.has(resource))] as const,
  ].filter(([, found]) => found.length > 0);
}
