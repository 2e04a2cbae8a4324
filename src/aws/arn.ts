/** `arn:partition:service:region:account:resource`; of a text that is no ARN the fields are empty. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Type and name, as each service writes them: `service/cluster/name`, `log-group:name`. */
  readonly resource: string;
}

export function parseArn(arn: string): Arn {
  const [, partition = "", service = "", region = "", account = "", ...resource] = arn.split(":");
  return { partition, service, region, account, resource: resource.join(":") };
}

/** The ARN of another resource of the same service, region and account. */
export const siblingArn = (arn: string, resource: string): string =>
  `${arn.split(":").slice(0, 5).join(":")}:${resource}`;

/** The text after the last slash: a task's id, a role's or a cluster's name, `family:revision`. */
export const lastSegment = (arn: string | undefined): string => arn?.split("/").at(-1) ?? "";

/** `…:task/cluster/1f0c3a9e` -> `1f0c3a9e`. */
export const taskId = lastSegment;

/** `…:cluster/name` -> `name`. */
export const clusterName = lastSegment;

/** `…:role/path/name` -> `name`. */
export const roleName = lastSegment;

/** `…:service/cluster/name` -> both names. */
export function serviceNames(arn: string): { readonly cluster: string; readonly service: string } {
  const [, cluster = "", service = ""] = parseArn(arn).resource.split("/");
  return { cluster, service };
}

/** `…:task-definition/talk-service:12` -> `talk-service:12`. */
export const taskDefinitionId = lastSegment;

/** `…:task-definition/talk-service:12` or `talk-service:12` -> `talk-service`. */
export const taskDefinitionFamily = (arn: string): string => lastSegment(arn).split(":")[0] ?? "";

/** `…:task-definition/talk-service:12` or `talk-service:12` -> `12`. */
export const taskDefinitionRevision = (arn: string): number => Number(arn.split(":").at(-1));

/** `…:targetgroup/name/id` -> `name`. */
export const targetGroupName = (arn: string | undefined): string => arn?.split("/")[1] ?? "";

/** As in CloudWatch's dimensions: `…:targetgroup/name/id` -> `targetgroup/name/id`. */
export const targetGroupFullName = (arn: string): string => arn.slice(arn.lastIndexOf(":") + 1);

/** The load balancer of `…:loadbalancer/app/name/id`, or of one of its listeners or rules. */
export const loadBalancerName = (arn: string): string => arn.split("/")[2] ?? "";

/** As in CloudWatch's dimensions: `…:loadbalancer/app/name/id` -> `app/name/id`. */
export const loadBalancerFullName = (arn: string): string => arn.split(":loadbalancer/")[1] ?? "";

/** `…:listener-rule/app/name/LB/LISTENER/RULE` -> `…:listener/app/name/LB/LISTENER`. */
export const listenerArn = (ruleArn: string): string =>
  ruleArn.slice(0, ruleArn.lastIndexOf("/")).replace(":listener-rule/", ":listener/");

/** `…:listener/app/name/LB/LISTENER`, or a rule's -> `…:loadbalancer/app/name/LB`. */
export const loadBalancerArn = (arn: string): string =>
  arn.replace(/:listener(?:-rule)?\/((?:app|net)\/[^/]+\/[^/]+)\/.*$/, ":loadbalancer/$1");

/** `…:policyName/name` -> `name`. */
export const scalingPolicyName = (arn: string): string => arn.split(":policyName/")[1] ?? "";

/** The service or group that a policy scales: `…:resource/ecs/service/c/s:policyName/p` -> `s`. */
export const scaledName = (policyArn: string): string => /([^/:]+):policyName\//.exec(policyArn)?.[1] ?? "";

/** `…:secret:name-AbCdEf:key:stage:version`, a value in a secret -> the secret. */
export const secretArn = (valueArn: string): string => valueArn.split(":").slice(0, 7).join(":");

/** CloudWatch Logs ends a log group's ARN in `:*` in some answers, and accepts it in few requests. */
export const withoutWildcard = (arn: string): string => arn.replace(/:\*$/, "");

/** True for the ARN of a listener, or of a rule of one, of that load balancer. */
export const isOfLoadBalancer = (arn: string, loadBalancerArn: string): boolean =>
  loadBalancerArn !== "" && arn.includes(`/${loadBalancerFullName(loadBalancerArn)}/`);
