import { formatValue } from "./parsing/format-value.js";

/** The rule for a kind of AWS name. Most rules are prose in AWS's documentation, not part of its API models. */
export interface NameRule {
  readonly max: number;
  /** The text that follows "must be 1 to {max} " in messages. */
  readonly characters: string;
  readonly pattern: RegExp;
  /** Matches characters that a derived name must not contain. */
  readonly illegal: RegExp;
  /** In lower case; AWS ignores case. */
  readonly forbiddenPrefixes: readonly string[];
  readonly edgeHyphens: boolean;
}

const rule = (
  max: number,
  characters: string,
  pattern: RegExp,
  illegal: RegExp,
  rest: Partial<NameRule> = {},
): NameRule =>
  Object.freeze({ max, characters, pattern, illegal, forbiddenPrefixes: [], edgeHyphens: true, ...rest });

const ECS_CHARACTERS = "letters, digits, hyphens and underscores";

/** Clusters, services, task definition families and containers. Source: ECS API reference (CreateCluster, CreateService, RegisterTaskDefinition). */
export const ECS_NAME = rule(255, ECS_CHARACTERS, /^[A-Za-z0-9_-]+$/, /[^A-Za-z0-9_-]/g);

/**
 * Cloud Map namespaces, whose name is part of an owner's tag and of a security group's name. Source: Cloud Map API
 * reference, CreateHttpNamespace (which takes more characters than tags do).
 */
export const NAMESPACE_NAME = rule(200, "letters, digits and ._-", /^[A-Za-z0-9._-]+$/, /[^A-Za-z0-9._-]/g, {
  edgeHyphens: false,
});

/** Names in Service Connect, and of ports. Source: ECS API reference, ServiceConnectService and PortMapping. */
export const CONNECT_NAME = rule(64, "lower-case letters, digits, _ and -", /^[a-z0-9_-]+$/, /[^a-z0-9_-]/g, {
  edgeHyphens: false,
});

/** A label of a domain, in lower case: Route 53 stores others so. */
const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

/** Private DNS namespaces, whose name is part of an owner's tag. Source: Cloud Map API reference, CreatePrivateDnsNamespace; RFC 1035. */
export const DNS_NAMESPACE_NAME = rule(
  200,
  "lower-case letters, digits, hyphens and dots: a domain such as shop.internal",
  new RegExp(`^${LABEL}(\\.${LABEL})*$`),
  /[^a-z0-9-]/g,
  { edgeHyphens: false },
);

/** Names in a DNS namespace. Source: Cloud Map API reference, CreateService; `_catalog._tcp` is a name of SRV records. */
export const DISCOVERY_NAME = rule(
  127,
  "lower-case letters, digits and -_.: labels of at most 63 characters",
  /^([a-z0-9_][a-z0-9-_]{0,61}[a-z0-9_]|[a-z0-9])(\.([a-z0-9_][a-z0-9-_]{0,61}[a-z0-9_]|[a-z0-9]))*$/,
  /[^a-z0-9_-]/g,
  { edgeHyphens: false },
);

/** Source: CloudWatch API reference, PutMetricAlarm. */
export const ALARM_NAME = rule(255, "characters other than control characters", /^[ -~]+$/, /[^ -~]/g);

/** Source: ECS API reference, CreateCapacityProvider. */
export const CAPACITY_PROVIDER_NAME = rule(255, ECS_CHARACTERS, /^[A-Za-z0-9_-]+$/, /[^A-Za-z0-9_-]/g, {
  forbiddenPrefixes: ["aws", "ecs", "fargate"],
});

/** The 256 characters of a tag's value, less `deployment/`: the name is part of the owner tag. */
export const DEPLOYMENT_NAME = rule(245, ECS_CHARACTERS, /^[A-Za-z0-9_-]+$/, /[^A-Za-z0-9_-]/g);

/** The 256 characters of a tag's value, less `cluster/`: the name is part of the owner tag. */
export const CLUSTER_NAME = rule(248, ECS_CHARACTERS, /^[A-Za-z0-9_-]+$/, /[^A-Za-z0-9_-]/g);

/** The name is part of the owner tag, and of the names of subnets, with their zones. */
export const NETWORK_NAME = rule(200, ECS_CHARACTERS, /^[A-Za-z0-9_-]+$/, /[^A-Za-z0-9_-]/g);

/** Source: Elastic Load Balancing API reference, CreateLoadBalancer. */
export const LOAD_BALANCER_NAME = rule(
  32,
  "letters, digits and hyphens",
  /^[A-Za-z0-9-]+$/,
  /[^A-Za-z0-9-]/g,
  {
    forbiddenPrefixes: ["internal-"],
    edgeHyphens: false,
  },
);

/** Source: Elastic Load Balancing API reference, CreateTargetGroup. */
export const TARGET_GROUP_NAME = rule(
  32,
  "letters, digits and hyphens",
  /^[A-Za-z0-9-]+$/,
  /[^A-Za-z0-9-]/g,
  {
    edgeHyphens: false,
  },
);

/** Source: EC2 API reference, CreateSecurityGroup. */
export const SECURITY_GROUP_NAME = rule(
  255,
  "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*",
  /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]+$/,
  /[^A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]/g,
  { forbiddenPrefixes: ["sg-"] },
);

/** Launch templates and Auto Scaling groups, which share a name. Source: EC2 API reference, CreateLaunchTemplate. */
export const LAUNCH_TEMPLATE_NAME = rule(
  128,
  "letters, digits and ()./_-",
  /^[A-Za-z0-9()./_-]{3,}$/,
  /[^A-Za-z0-9()./_-]/g,
);

/** Source: IAM API reference, CreateRole. */
export const ROLE_NAME = rule(
  64,
  "letters, digits and _+=,.@-",
  /^[A-Za-z0-9_+=,.@-]+$/,
  /[^A-Za-z0-9_+=,.@-]/g,
);

/** Source: EventBridge Scheduler API reference, CreateSchedule. */
export const SCHEDULE_NAME = rule(64, "letters, digits and _.-", /^[A-Za-z0-9_.-]+$/, /[^A-Za-z0-9_.-]/g);

/** Source: EC2 API reference, CreateKeyPair. */
export const KEY_PAIR_NAME = rule(
  255,
  "ASCII characters without a space at either end",
  /^[!-~](?:[ -~]*[!-~])?$/,
  /[^!-~]/g,
);

/** Source: CloudWatch Logs API reference, CreateLogGroup. */
export const LOG_GROUP_NAME = rule(
  512,
  "letters, digits and ._-/#",
  /^[A-Za-z0-9._\-/#]+$/,
  /[^A-Za-z0-9._\-/#]/g,
  { forbiddenPrefixes: ["aws/"] },
);

/**
 * The 512 characters of a log stream's name, less `/{container}/{task id}`.
 * Source: CloudWatch Logs API reference, CreateLogStream.
 */
export const LOG_STREAM_PREFIX = rule(223, "characters other than : and *", /^[^:*]+$/, /[:*]/g);

/** ECR repositories. Source: ECR API reference, CreateRepository (the pattern; the length is prose). */
export const REPOSITORY_NAME = rule(
  256,
  "lower-case letters and digits, with single ._-/ between them",
  /^(?=..)[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*$/,
  /[^a-z0-9]+/g,
);

/** Returns why AWS would reject the name, or `undefined` for a valid one. */
export function nameProblem(rule: NameRule, value: unknown): string | undefined {
  if (
    typeof value === "string" &&
    value.length <= rule.max &&
    rule.pattern.test(value) &&
    (rule.edgeHyphens || !/^-|-$/.test(value)) &&
    !rule.forbiddenPrefixes.some((prefix) => value.toLowerCase().startsWith(prefix))
  ) {
    return undefined;
  }
  const more = [
    ...(rule.edgeHyphens ? [] : ["no hyphen at either end"]),
    ...rule.forbiddenPrefixes.map((prefix) => `not beginning with "${prefix}"`),
  ];
  const length = typeof value === "string" && value.length > rule.max && value.length < 60;
  return `must be ${[`1 to ${rule.max} ${rule.characters}`, ...more].join(", ")}; got ${formatValue(value)}${
    length ? ` (${(value as string).length} characters)` : ""
  }`;
}
