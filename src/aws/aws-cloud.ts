import { dockerImages } from "../docker/docker-images.js";
import { systemClock } from "../engine/clock.js";
import { QuaysideError } from "../errors.js";
import type { AwsApi, ServiceName } from "./api.js";
import { ClockOffset } from "./clock-offset.js";
import type { Cloud, ListenerAddress } from "./cloud.js";
import { isErrorPage, UNKNOWN_OPERATION } from "./error-code.js";
import { operationName } from "./operation-name.js";

export interface AwsOptions {
  /** @defaultValue the AWS SDK's own: `AWS_REGION`, or the profile's region */
  readonly region?: string;
  /** A profile of the shared config and credentials files. @defaultValue `AWS_PROFILE`, else `default` */
  readonly profile?: string;
  /** Credentials, or a function that returns them. @defaultValue the AWS SDK's own chain */
  readonly credentials?: AwsCredentials | (() => Promise<AwsCredentials>);
  /** The endpoint of all services, if not AWS's own. @defaultValue `AWS_ENDPOINT_URL`, else AWS */
  readonly endpoint?: string;
}

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** One SDK package for each service, loaded at the first call of the service. */
const SDKS: Readonly<Record<ServiceName, { readonly client: string; readonly load: () => Promise<object> }>> =
  {
    ecs: { client: "ECSClient", load: () => import("@aws-sdk/client-ecs") },
    ec2: { client: "EC2Client", load: () => import("@aws-sdk/client-ec2") },
    ecr: { client: "ECRClient", load: () => import("@aws-sdk/client-ecr") },
    elb: {
      client: "ElasticLoadBalancingV2Client",
      load: () => import("@aws-sdk/client-elastic-load-balancing-v2"),
    },
    autoScaling: { client: "AutoScalingClient", load: () => import("@aws-sdk/client-auto-scaling") },
    applicationAutoScaling: {
      client: "ApplicationAutoScalingClient",
      load: () => import("@aws-sdk/client-application-auto-scaling"),
    },
    cloudWatch: { client: "CloudWatchClient", load: () => import("@aws-sdk/client-cloudwatch") },
    iam: { client: "IAMClient", load: () => import("@aws-sdk/client-iam") },
    ssm: { client: "SSMClient", load: () => import("@aws-sdk/client-ssm") },
    logs: { client: "CloudWatchLogsClient", load: () => import("@aws-sdk/client-cloudwatch-logs") },
    scheduler: { client: "SchedulerClient", load: () => import("@aws-sdk/client-scheduler") },
    tagging: {
      client: "ResourceGroupsTaggingAPIClient",
      load: () => import("@aws-sdk/client-resource-groups-tagging-api"),
    },
    acm: { client: "ACMClient", load: () => import("@aws-sdk/client-acm") },
  };

/** The part of all SDK clients that is used here. */
interface SdkClient {
  send(command: object, options: { readonly abortSignal?: AbortSignal }): Promise<never>;
  readonly config: { readonly region: () => Promise<string> };
  readonly middlewareStack: { add(middleware: Middleware, options: object): void };
}
type Handler = (args: unknown) => Promise<unknown>;
type Middleware = (next: Handler) => Handler;
type Constructor<T> = new (input: unknown) => T;

/** A loaded SDK package and its client. */
interface Sdk {
  readonly exports: Readonly<Record<string, Constructor<object>>>;
  readonly client: SdkClient;
}

/**
 * AWS itself, or an endpoint with the same API. Nothing is loaded, read or sent before the first call; region
 * and credentials come from the AWS SDK's own chain unless they are given.
 */
export function aws(options: AwsOptions = {}): Cloud {
  const offset = new ClockOffset();
  const loaded = new Map<ServiceName, Promise<Sdk>>();
  const sdk = (service: ServiceName): Promise<Sdk> => {
    let loading = loaded.get(service);
    if (loading === undefined) loaded.set(service, (loading = load(service, options, offset)));
    return loading;
  };

  return {
    region: async () => options.region ?? regionOf((await sdk("ecs")).client),
    ports: Object.fromEntries(
      Object.keys(SDKS).map((service) => [service, sdkApi(() => sdk(service as ServiceName))]),
    ) as unknown as AwsApi,
    images: dockerImages(),
    clock: systemClock,
    clockOffset: () => offset.milliseconds,
    random: Math.random,
    address,
  };
}

/**
 * Returns the API of a service: every method sends the SDK's command of its name, `createCluster` sends
 * `CreateClusterCommand`.
 */
function sdkApi(sdk: () => Promise<Sdk>): object {
  const methods = new Map<string, unknown>();
  return new Proxy(
    {},
    {
      get(_, method) {
        // `await` looks for a `then` on every value; no operation has that name.
        if (typeof method === "symbol" || method === "then") return undefined;
        if (!methods.has(method)) {
          methods.set(method, async (input: unknown, { signal }: { readonly signal?: AbortSignal } = {}) => {
            const { exports, client } = await sdk();
            const Command = exports[`${operationName(method)}Command`];
            if (Command === undefined)
              throw new TypeError(`The AWS SDK has no operation ${operationName(method)}`);
            try {
              return await client.send(
                new Command(input),
                signal === undefined ? {} : { abortSignal: signal },
              );
            } catch (error) {
              throw noCredentials(error) ?? noRegion(error) ?? error;
            }
          });
        }
        return methods.get(method);
      },
    },
  );
}

async function load(service: ServiceName, options: AwsOptions, offset: ClockOffset): Promise<Sdk> {
  const { client: name, load } = SDKS[service];
  const exports = (await load()) as Sdk["exports"];
  const Client = exports[name] as unknown as Constructor<SdkClient>;
  const client = new Client({
    ...options,
    // Ten (the SDK's default is 3): a run makes many calls at once, and throttling is no reason to fail.
    maxAttempts: 10,
    retryMode: "standard",
    requestHandler: { requestTimeout: 30_000, throwOnRequestTimeout: true, connectionTimeout: 5_000 },
  });
  // Absent if the client is a test double.
  client.middlewareStack?.add(failOnErrorPages, {
    step: "deserialize",
    name: "failOnErrorPages",
    priority: "high",
  });
  client.middlewareStack?.add(noteDate(offset), { step: "deserialize", name: "noteDate", priority: "low" });
  return { exports, client };
}

/** Notes AWS's time in every answer, also in errors: nothing is read from the body yet. */
const noteDate =
  (offset: ClockOffset): Middleware =>
  (next) =>
  async (args) => {
    const sentAt = systemClock.now();
    const result = await next(args);
    const { response } = result as { readonly response?: { readonly headers?: Record<string, string> } };
    offset.note(response?.headers?.date, sentAt, systemClock.now());
    return result;
  };

/**
 * Reports an emulator's error page as a missing operation; the SDK would retry it ten times as a server
 * error.
 */
const failOnErrorPages: Middleware = (next) => async (args) => {
  try {
    return await next(args);
  } catch (error) {
    if (!isErrorPage(error)) throw error;
    // Without a cause: the SDK reads the cause, too, and would retry its HTTP 500.
    const missing = new Error(
      "the endpoint answered HTTP 500 with a web page: it does not support this operation",
    );
    missing.name = UNKNOWN_OPERATION;
    throw missing;
  }
};

async function regionOf(client: SdkClient): Promise<string> {
  try {
    return await client.config.region();
  } catch (error) {
    throw noRegion(error) ?? error;
  }
}

function noRegion(error: unknown): QuaysideError | undefined {
  if (!(error instanceof Error) || !/Region is missing|region="" is not/.test(error.message))
    return undefined;
  return new QuaysideError("no-region", "Nothing was sent to AWS: no region is set", {
    cause: error,
    fix: 'Set AWS_REGION, set a region in the profile, or pass it in the chain: .on(aws({ region: "eu-west-1" })).',
  });
}

function noCredentials(error: unknown): QuaysideError | undefined {
  if (!(error instanceof Error) || error.name !== "CredentialsProviderError") return undefined;
  return new QuaysideError(
    "no-credentials",
    `Nothing was sent to AWS: no credentials were found (${error.message})`,
    {
      cause: error,
      fix: "Log in (`aws sso login`), set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use localCloud() to try without an account.",
    },
  );
}

function address({ protocol, dnsName, port }: ListenerAddress): string {
  const usual = protocol === "https" ? 443 : 80;
  return `${protocol}://${dnsName}${port === usual ? "" : `:${port}`}`;
}
