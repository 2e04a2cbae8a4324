import { CONNECT_POLICY } from "./connect-permissions.js";
import { both, type StatementInputs, type StatementToBuild } from "./statement.js";

/** AWS's own policies for container instances and for the execution of tasks. */
const AWS_POLICIES = [
  "service-role/AmazonEC2ContainerServiceforEC2Role",
  "service-role/AmazonECSTaskExecutionRolePolicy",
];

/** AWS's own policy for the role with which ECS creates the EBS volumes of tasks. */
const EBS_POLICY = "service-role/AmazonECSInfrastructureRolePolicyForVolumes";

/** AWS's own policy for the role with which ECS shifts the traffic of load balancers. */
const BALANCER_POLICY = "AmazonECSInfrastructureRolePolicyForLoadBalancers";

/** AWS's own policies for Managed Instances, and for the role with which ECS manages them. */
const MANAGED_INSTANCES_POLICIES = [
  "AmazonECSInfrastructureRolePolicyForManagedInstances",
  "AmazonECSInstanceRolePolicyForManagedInstances",
];

/** Roles, which are narrowed by the path of their owner, and whom they may be passed to. */
export function roles(inputs: StatementInputs): readonly StatementToBuild[] {
  const { facts, iamArn, partition, region, passedTo } = inputs;
  const clusterOwners = facts.owners.filter((owner) => owner.startsWith("cluster/"));
  const taskOwners = facts.owners.filter((owner) => /^(?:deployment|job)\//.test(owner));
  const described = [...facts.tasks, ...facts.clusters].flatMap(({ iam }) => iam ?? []);
  const prefixes = [...new Set(["/", ...(facts.isByName ? ["/*/"] : described.map(({ path }) => path))])];
  const hasBoundary = described.some(({ permissionsBoundary }) => permissionsBoundary !== undefined);
  const under = (type: string, owners: readonly string[]): readonly string[] =>
    owners.flatMap((owner) => [
      ...prefixes.map((prefix) => iamArn(`${type}${prefix}quayside/${region}/${owner}/*`)),
      // What earlier versions created has no region in its path.
      iamArn(`${type}/quayside/${owner}/*`),
    ]);
  const roleArns = under("role", [...clusterOwners, ...taskOwners]);
  const managed = facts.tasks.flatMap(({ taskRole }) =>
    taskRole?.from === "policies" ? taskRole.managed : [],
  );
  const managedInstances = facts.managedClusters.flatMap(({ capacity }) =>
    capacity.type === "managed-instances" ? [capacity] : [],
  );
  const hostPolicies = facts.instanceClusters.flatMap(({ capacity }) =>
    capacity.type === "ec2"
      ? [
          ...capacity.instanceRolePolicies,
          ...(capacity.sessionManager
            ? [`arn:${partition}:iam::aws:policy/AmazonSSMManagedInstanceCore`]
            : []),
        ]
      : [],
  );
  const givenRoles = facts.tasks.flatMap(({ taskRole, task }) => [
    ...(taskRole?.from === "arn" ? [taskRole.arn] : []),
    ...(task.executionRole === undefined ? [] : [task.executionRole]),
  ]);
  const ebs = facts.tasks.flatMap(({ volumes }) =>
    volumes.flatMap((each) => (each.type === "ebs" ? [each] : [])),
  );
  // A role of the user's name may be one that was adopted, which keeps its path.
  const givenInstanceRoles = facts.instanceClusters.flatMap(({ capacity }) =>
    capacity.type === "ec2" && capacity.instanceRole !== undefined
      ? [iamArn(`role/${capacity.instanceRole}`), iamArn(`role/*/${capacity.instanceRole}`)]
      : [],
  );
  return [
    {
      sid: "ChangeRoles",
      groups: [
        {
          for: ["deploy", "run"],
          actions: ["iam:CreateRole", "iam:PutRolePolicy", "iam:TagRole", "iam:UpdateAssumeRolePolicy"],
        },
        {
          for: ["deploy", "destroy", "run"],
          actions: ["iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy"],
        },
      ],
      resources: roleArns,
    },
    {
      sid: "SetPermissionsBoundaries",
      groups: [{ for: ["deploy", "run"], when: hasBoundary, actions: ["iam:PutRolePermissionsBoundary"] }],
      resources: roleArns,
    },
    {
      sid: "AttachPolicies",
      groups: [{ for: ["deploy", "run"], actions: ["iam:AttachRolePolicy"] }],
      resources: roleArns,
      conditions: {
        ArnLike: {
          "iam:PolicyARN": [
            ...[
              ...AWS_POLICIES,
              ...(ebs.length > 0 ? [EBS_POLICY] : []),
              ...(facts.connectTls.length > 0 ? [CONNECT_POLICY] : []),
              ...(facts.hasShiftedListeners ? [BALANCER_POLICY] : []),
              ...(managedInstances.length > 0 ? MANAGED_INSTANCES_POLICIES : []),
            ].map((name) => `arn:${partition}:iam::aws:policy/${name}`),
            ...managed,
            ...hostPolicies,
            ...managedInstances.flatMap(({ instanceRolePolicies }) => instanceRolePolicies),
          ],
        },
      },
    },
    {
      sid: "ChangeInstanceProfiles",
      groups: [
        {
          for: ["deploy"],
          actions: ["iam:AddRoleToInstanceProfile", "iam:CreateInstanceProfile", "iam:TagInstanceProfile"],
        },
        {
          for: ["deploy", "destroy"],
          actions: ["iam:DeleteInstanceProfile", "iam:RemoveRoleFromInstanceProfile"],
        },
      ],
      resources: under("instance-profile", clusterOwners),
    },
    {
      sid: "PassInstanceRoles",
      groups: [
        {
          for: ["deploy"],
          when: facts.instanceClusters.length + managedInstances.length > 0,
          actions: ["iam:PassRole"],
        },
      ],
      resources: [...under("role", clusterOwners), ...givenInstanceRoles],
      conditions: passedTo("ec2.amazonaws.com"),
    },
    {
      sid: "PassTaskRoles",
      groups: [{ for: ["deploy", "run"], actions: ["iam:PassRole"] }],
      resources: [...under("role", taskOwners), ...givenRoles],
      conditions: passedTo("ecs-tasks.amazonaws.com"),
    },
    {
      sid: "PassInfrastructureRoles",
      groups: [
        {
          for: ["deploy", "run"],
          when: ebs.length + facts.connectTls.length > 0 || facts.hasShiftedListeners,
          actions: ["iam:PassRole"],
        },
      ],
      resources: [
        ...under("role", taskOwners),
        ...[...ebs, ...facts.connectTls].flatMap(({ role }) => role ?? []),
      ],
      conditions: passedTo("ecs.amazonaws.com"),
    },
    {
      sid: "PassClusterRoles",
      groups: [{ for: ["deploy"], when: managedInstances.length > 0, actions: ["iam:PassRole"] }],
      resources: [
        ...under("role", clusterOwners),
        ...managedInstances.flatMap(({ infrastructureRole }) => infrastructureRole ?? []),
      ],
      conditions: passedTo("ecs.amazonaws.com"),
    },
    {
      sid: "PassScheduleRoles",
      groups: [
        {
          for: ["deploy", "release"],
          when:
            facts.jobs.some(({ schedule }) => schedule !== undefined) ||
            facts.deployments.some(({ blueGreen }) => blueGreen?.keepOld !== undefined),
          actions: ["iam:PassRole"],
        },
      ],
      resources: under("role", taskOwners),
      conditions: passedTo("scheduler.amazonaws.com"),
    },
    ...linkedRoles(inputs),
  ];
}

/** The roles that AWS's services create in an account at their first use. */
function linkedRoles({ facts, iamArn }: StatementInputs): readonly StatementToBuild[] {
  const services = [
    ...(facts.clusters.length > 0 ? ["ecs.amazonaws.com"] : []),
    ...(facts.instanceClusters.length > 0 ? ["autoscaling.amazonaws.com"] : []),
    ...(facts.loadBalancers.length > 0 ? ["elasticloadbalancing.amazonaws.com"] : []),
    ...(facts.deployments.some(({ scaling }) => scaling !== undefined)
      ? ["ecs.application-autoscaling.amazonaws.com"]
      : []),
  ];
  if (services.length === 0) return [];
  return [
    {
      sid: "CreateServiceLinkedRoles",
      groups: [{ for: ["deploy", "run"], actions: ["iam:CreateServiceLinkedRole"] }],
      resources: services.map((service) => iamArn(`role/aws-service-role/${service}/*`)),
      conditions: both({}, { StringEquals: { "iam:AWSServiceName": services } }),
    },
  ];
}
