import { ClockOffset } from "../clock-offset.js";
import type { ServiceName } from "../api.js";
import type { AwsSettings } from "../aws-options.js";
import type { Recorder } from "../recording/recorder.js";
import { loadPackage } from "./load-package.js";
import { addMiddleware, type MiddlewareStack } from "./middleware.js";

/** One SDK package for each service, loaded at the first call of the service. */
const SDKS: Readonly<
  Record<
    ServiceName,
    { readonly client: string; readonly name: string; readonly load: () => Promise<object> }
  >
> = {
  ecs: { client: "ECSClient", name: "@aws-sdk/client-ecs", load: () => import("@aws-sdk/client-ecs") },
  ec2: { client: "EC2Client", name: "@aws-sdk/client-ec2", load: () => import("@aws-sdk/client-ec2") },
  ecr: { client: "ECRClient", name: "@aws-sdk/client-ecr", load: () => import("@aws-sdk/client-ecr") },
  elb: {
    client: "ElasticLoadBalancingV2Client",
    name: "@aws-sdk/client-elastic-load-balancing-v2",
    load: () => import("@aws-sdk/client-elastic-load-balancing-v2"),
  },
  autoScaling: {
    client: "AutoScalingClient",
    name: "@aws-sdk/client-auto-scaling",
    load: () => import("@aws-sdk/client-auto-scaling"),
  },
  applicationAutoScaling: {
    client: "ApplicationAutoScalingClient",
    name: "@aws-sdk/client-application-auto-scaling",
    load: () => import("@aws-sdk/client-application-auto-scaling"),
  },
  cloudWatch: {
    client: "CloudWatchClient",
    name: "@aws-sdk/client-cloudwatch",
    load: () => import("@aws-sdk/client-cloudwatch"),
  },
  iam: { client: "IAMClient", name: "@aws-sdk/client-iam", load: () => import("@aws-sdk/client-iam") },
  ssm: { client: "SSMClient", name: "@aws-sdk/client-ssm", load: () => import("@aws-sdk/client-ssm") },
  logs: {
    client: "CloudWatchLogsClient",
    name: "@aws-sdk/client-cloudwatch-logs",
    load: () => import("@aws-sdk/client-cloudwatch-logs"),
  },
  scheduler: {
    client: "SchedulerClient",
    name: "@aws-sdk/client-scheduler",
    load: () => import("@aws-sdk/client-scheduler"),
  },
  tagging: {
    client: "ResourceGroupsTaggingAPIClient",
    name: "@aws-sdk/client-resource-groups-tagging-api",
    load: () => import("@aws-sdk/client-resource-groups-tagging-api"),
  },
  route53: {
    client: "Route53Client",
    name: "@aws-sdk/client-route-53",
    load: () => import("@aws-sdk/client-route-53"),
  },
  acm: { client: "ACMClient", name: "@aws-sdk/client-acm", load: () => import("@aws-sdk/client-acm") },
  serviceDiscovery: {
    client: "ServiceDiscoveryClient",
    name: "@aws-sdk/client-servicediscovery",
    load: () => import("@aws-sdk/client-servicediscovery"),
  },
  waf: {
    client: "WAFV2Client",
    name: "@aws-sdk/client-wafv2",
    load: () => import("@aws-sdk/client-wafv2"),
  },
  sts: { client: "STSClient", name: "@aws-sdk/client-sts", load: () => import("@aws-sdk/client-sts") },
};

/** The part of all SDK clients that is used here. */
interface SdkClient {
  send(command: object, options: { readonly abortSignal?: AbortSignal }): Promise<never>;
  readonly config: { readonly region: () => Promise<string> };
  readonly middlewareStack: MiddlewareStack;
}
type Constructor<T> = new (input: unknown) => T;

/** A loaded SDK package and its client. */
export interface Sdk {
  readonly exports: Readonly<Record<string, Constructor<object>>>;
  readonly client: SdkClient;
}

export interface ClientConfig extends Pick<AwsSettings, "region" | "profile" | "endpoint"> {
  readonly credentials?: unknown;
  readonly requestHandler: object;
}

/** What listens to the requests of a client. */
export interface Observers {
  readonly offset?: ClockOffset;
  /** @defaultValue nothing is recorded */
  readonly record?: Recorder | undefined;
  /** The host of each service's last request is noted here: the SDK knows more than one place for its endpoint. */
  readonly hosts?: Map<ServiceName, string>;
}

export async function loadSdk(
  service: ServiceName,
  config: ClientConfig,
  { offset = new ClockOffset(), record, hosts }: Observers = {},
): Promise<Sdk> {
  const { client: clientName, name, load } = SDKS[service];
  const exports = (await loadPackage(name, load)) as Sdk["exports"];
  const Client = exports[clientName] as unknown as Constructor<SdkClient>;
  const given = Object.entries(config).filter(([, value]) => value !== undefined);
  const client = new Client({
    ...Object.fromEntries(given),
    // Ten (the SDK's default is 3): a run makes many calls at once, and throttling is no reason to fail.
    maxAttempts: 10,
    retryMode: "standard",
  });
  // Absent if the client is a test double.
  if (client.middlewareStack !== undefined)
    addMiddleware(client.middlewareStack, service, { offset, record, hosts });
  return { exports, client };
}
