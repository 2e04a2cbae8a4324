import { lookup } from "node:dns/promises";
import { lazyDockerImages } from "../docker/lazy-docker-images.js";
import { systemClock } from "../engine/clock.js";
import { QuaysideError } from "../errors.js";
import type { AwsApi, ServiceName } from "./api.js";
import { parseAwsOptions, type AwsOptions } from "./aws-options.js";
import { ClockOffset } from "./clock-offset.js";
import type { Cloud, ListenerAddress } from "./cloud.js";
import { operationName } from "./operation-name.js";
import { isRegion } from "./partition.js";
import { recordTo } from "./recording/recorder.js";
import { loadSdk, SERVICES, type Sdk } from "./sdk/clients.js";
import { createCredentials, isExpired } from "./sdk/credentials.js";
import { oneAfterAnother } from "./sdk/load-package.js";
import { isOfAws } from "./sdk/middleware.js";
import { noRegion, notARegion } from "./sdk/no-region.js";
import { createRequestHandler } from "./sdk/request-handler.js";
import type { SharedCredentials } from "./sdk/shared-credentials.js";
import { toCredentialsError } from "./sdk/to-credentials-error.js";

/**
 * AWS itself, or an endpoint with the same API. Nothing is loaded, read or sent before the first call; region
 * and credentials come from the AWS SDK's own chain unless they are given.
 *
 * @example
 * ```ts
 * import { aws, Deployment } from "quayside";
 *
 * const talk = new Deployment().image("registry.example.com/talk-service:1").cluster("conference-cluster");
 * const staging = aws({
 *   region: "eu-west-1",
 *   assumeRole: "arn:aws:iam::123456789012:role/deployer",
 *   allowedAccounts: ["123456789012"],
 * });
 * await talk.on(staging).deploy();
 * ```
 * @throws SpecError if an option is not valid.
 */
export function aws(options: AwsOptions = {}): Cloud {
  const settings = parseAwsOptions(options);
  const { region, profile, endpoint, allowedAccounts } = settings;
  const requestHandler = once(() => createRequestHandler(settings));
  const record = settings.record === undefined ? undefined : recordTo(settings.record);
  const credentials = createCredentials(settings, systemClock.now, requestHandler, record);
  const offset = new ClockOffset();
  const hosts = new Map<ServiceName, string>();
  const loaded = new Map<ServiceName, Promise<Sdk>>();
  const sdk = (service: ServiceName): Promise<Sdk> => {
    let loading = loaded.get(service);
    if (loading === undefined) loaded.set(service, (loading = load(service)));
    return loading;
  };
  const inTurn = oneAfterAnother();
  const load = (service: ServiceName): Promise<Sdk> =>
    inTurn(async () =>
      loadSdk(
        service,
        {
          region,
          profile,
          endpoint,
          credentials: credentials.provider,
          requestHandler: await requestHandler(),
        },
        { offset, record, hosts },
      ),
    );

  return {
    region: async () => {
      if (region !== undefined) return region;
      const found = await regionOf(await sdk("ecs"));
      if (endpoint === undefined && !isRegion(found)) throw notARegion(found);
      return found;
    },
    ports: Object.fromEntries(
      SERVICES.map((service) => [
        service,
        sdkApi(
          () => sdk(service),
          credentials,
          (error) => toQuaysideError(error, settings),
        ),
      ]),
    ) as unknown as AwsApi,
    ...(allowedAccounts !== undefined && { allowedAccounts }),
    // A recording keeps whole answers.
    readAccountRoles: settings.readAccountRoles === true && record === undefined,
    ...(options.credentials === undefined && { pace: paceOf(settings) }),
    images: lazyDockerImages(),
    clock: systemClock,
    clockOffset: () => offset.milliseconds,
    random: Math.random,
    address,
    // The load balancers of another endpoint have names that no DNS knows.
    resolves: async (dnsName) => !isOfAws(hosts.get("elb")) || isKnown(dnsName),
  };
}

/** Clouds with these settings in common are one account, unless the environment changes meanwhile. */
const paceOf = ({ profile, endpoint, assumeRole }: ReturnType<typeof parseAwsOptions>): string =>
  JSON.stringify([profile, endpoint, assumeRole?.roleArn]);

/**
 * Returns the API of a service: every method sends the SDK's command of its name, `createCluster` sends
 * `CreateClusterCommand`.
 */
function sdkApi(
  sdk: () => Promise<Sdk>,
  credentials: SharedCredentials,
  toError: (error: unknown) => unknown,
): object {
  const send = async (
    method: string,
    input: unknown,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<unknown> => {
    const { exports, client } = await sdk();
    const Command = exports[`${operationName(method)}Command`];
    if (Command === undefined) throw new TypeError(`The AWS SDK has no operation ${operationName(method)}`);
    const attempt = () =>
      client.send(new Command(input), signal === undefined ? {} : { abortSignal: signal });
    const { generation } = credentials;
    try {
      return await attempt();
    } catch (error) {
      // AWS rejects it before it does anything, so that a change can be repeated, too.
      if (isExpired(error) && (await credentials.renew(generation, client.config))) return attempt();
      throw error;
    }
  };
  const methods = new Map<string, unknown>();
  return new Proxy(
    {},
    {
      get(_, method) {
        // `await` looks for a `then` on every value; no operation has that name.
        if (typeof method === "symbol" || method === "then") return undefined;
        if (!methods.has(method)) {
          methods.set(method, (input: unknown, callOptions?: { readonly signal?: AbortSignal }) =>
            send(method, input, callOptions).catch((error: unknown) => {
              throw toError(error);
            }),
          );
        }
        return methods.get(method);
      },
    },
  );
}

function toQuaysideError(error: unknown, settings: ReturnType<typeof parseAwsOptions>): unknown {
  if (error instanceof Error && error.name === "CredentialsProviderError")
    return toCredentialsError(error, settings);
  return proxyRefused(error) ?? noRegion(error) ?? error;
}

/** HTTP 407, which only a proxy answers. */
function proxyRefused(error: unknown): QuaysideError | undefined {
  const { $metadata, $response } = (error ?? {}) as {
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly $response?: { readonly statusCode?: number };
  };
  if (($metadata?.httpStatusCode ?? $response?.statusCode) !== 407) return undefined;
  return new QuaysideError("proxy-refused", "The proxy refused the connection to AWS: it needs a password", {
    cause: error,
    fix: "Put user and password into its URL (HTTPS_PROXY, or aws({ proxy })): http://user:password@proxy.example.com:3128.",
  });
}

async function regionOf({ client }: Sdk): Promise<string> {
  try {
    return await client.config.region();
  } catch (error) {
    throw noRegion(error) ?? error;
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

const isKnown = (dnsName: string): Promise<boolean> =>
  lookup(dnsName).then(
    () => true,
    () => false,
  );

function address({ protocol, dnsName, port }: ListenerAddress): string {
  const usual = { https: 443, http: 80, tcp: undefined, tls: undefined, udp: undefined }[protocol];
  return `${protocol}://${dnsName}${port === usual ? "" : `:${port}`}`;
}
