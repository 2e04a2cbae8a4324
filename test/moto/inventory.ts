import type { RawClients } from "./raw-clients.js";

/** Everything that an account holds, by kind and name, as AWS's own clients see it: what must be the same afterwards. */
export async function inventory({
  autoScaling,
  ec2,
  ecs,
  elb,
  iam,
  logs,
}: RawClients): Promise<Record<string, string[]>> {
  const [groups, rules, keyPairs, templates, reservations] = await Promise.all([
    ec2.describeSecurityGroups({}),
    ec2.describeSecurityGroupRules({}),
    ec2.describeKeyPairs({}),
    ec2.describeLaunchTemplates({}),
    ec2.describeInstances({ Filters: [{ Name: "instance-state-name", Values: ["pending", "running"] }] }),
  ]);
  const [scalingGroups, loadBalancers, targetGroups, logGroups, roles, profiles] = await Promise.all([
    autoScaling.describeAutoScalingGroups({}),
    elb.describeLoadBalancers({}),
    elb.describeTargetGroups({}),
    logs.describeLogGroups({}),
    iam.listRoles({}),
    iam.listInstanceProfiles({}),
  ]);
  const listeners = await Promise.all(
    (loadBalancers.LoadBalancers ?? []).map(async ({ LoadBalancerArn, LoadBalancerName }) => {
      const { Listeners = [] } = await elb.describeListeners({ LoadBalancerArn: LoadBalancerArn! });
      return Listeners.map(({ Port }) => `${LoadBalancerName}:${Port}`);
    }),
  );
  const clusters = await liveClusters(ecs);
  const families = await ecs.listTaskDefinitions({ status: "ACTIVE" });

  return sorted({
    securityGroups: groups.SecurityGroups?.map((each) => each.GroupName),
    securityGroupRules: rules.SecurityGroupRules?.map(
      (each) => `${each.GroupId} ${each.SecurityGroupRuleId}`,
    ),
    keyPairs: keyPairs.KeyPairs?.map((each) => each.KeyName),
    launchTemplates: templates.LaunchTemplates?.map((each) => each.LaunchTemplateName),
    instances: reservations.Reservations?.flatMap((each) => each.Instances ?? []).map(
      (each) => each.InstanceId,
    ),
    autoScalingGroups: scalingGroups.AutoScalingGroups?.map((each) => each.AutoScalingGroupName),
    loadBalancers: loadBalancers.LoadBalancers?.map((each) => each.LoadBalancerName),
    listeners: listeners.flat(),
    targetGroups: targetGroups.TargetGroups?.map((each) => each.TargetGroupName),
    logGroups: logGroups.logGroups?.map((each) => each.logGroupName),
    // Service-linked roles are AWS's: they stay.
    roles: roles.Roles?.filter(({ Path = "" }) => !Path.startsWith("/aws-service-role/")).map(
      (each) => each.RoleName,
    ),
    instanceProfiles: profiles.InstanceProfiles?.map((each) => each.InstanceProfileName),
    clusters,
    services: (await Promise.all(clusters.map((cluster) => liveServices(ecs, cluster)))).flat(),
    taskDefinitions: families.taskDefinitionArns?.map((arn) => arn.split("/").at(-1)),
  });
}

// moto keeps what was deleted in its lists, as INACTIVE.
async function liveClusters(ecs: RawClients["ecs"]): Promise<string[]> {
  const { clusterArns = [] } = await ecs.listClusters({});
  const { clusters = [] } = await ecs.describeClusters({ clusters: clusterArns });
  return clusters.filter(({ status }) => status === "ACTIVE").map(({ clusterName }) => clusterName!);
}

async function liveServices(ecs: RawClients["ecs"], cluster: string): Promise<string[]> {
  const { serviceArns = [] } = await ecs.listServices({ cluster });
  if (serviceArns.length === 0) return [];
  const { services = [] } = await ecs.describeServices({ cluster, services: serviceArns });
  return services
    .filter(({ status }) => status === "ACTIVE")
    .map(({ serviceName }) => `${cluster}/${serviceName}`);
}

const sorted = (
  lists: Record<string, readonly (string | undefined)[] | undefined>,
): Record<string, string[]> =>
  Object.fromEntries(Object.entries(lists).map(([kind, names]) => [kind, (names ?? []).map(String).sort()]));
