import type { PermissionFacts } from "./scope.js";
import type { ActionGroup } from "./statement.js";

/** AWS's own policy for the role with which ECS gets the certificates of Service Connect. */
export const CONNECT_POLICY =
  "service-role/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity";

/** The reads of Service Connect: namespaces, their names, and who is in them; also of one that an earlier description had. */
export const connectReads = ({ namespaces, deployments }: PermissionFacts): readonly ActionGroup[] => [
  {
    for: ["plan", "deploy", "destroy"],
    when: namespaces.length > 0 || deployments.length > 0,
    actions: [
      "ecs:ListServicesByNamespace",
      "servicediscovery:GetOperation",
      "servicediscovery:ListNamespaces",
      "servicediscovery:ListServices",
      "servicediscovery:ListTagsForResource",
    ],
  },
];

/** A namespace is created with the tag of its owner. */
export const connectCreations = ({ namespaces }: PermissionFacts): readonly ActionGroup[] => [
  {
    for: ["deploy"],
    when: namespaces.length > 0,
    actions: ["servicediscovery:CreateHttpNamespace", "servicediscovery:TagResource"],
  },
];

export const connectChanges = ({ namespaces }: PermissionFacts): readonly ActionGroup[] => [
  {
    for: ["deploy", "destroy"],
    when: namespaces.length > 0,
    actions: ["servicediscovery:DeleteNamespace"],
  },
  { for: ["deploy"], when: namespaces.length > 0, actions: ["servicediscovery:TagResource"] },
];
