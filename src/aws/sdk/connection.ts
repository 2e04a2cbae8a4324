import { lookup } from "node:dns/promises";
import { systemClock } from "../../engine/clock.js";
import { QuaysideError } from "../../errors.js";
import type { ServiceName } from "../api.js";
import type { AwsSettings } from "../aws-options.js";
import type { ClockOffset } from "../clock-offset.js";
import { operationName } from "../operation-name.js";
import { isRegion } from "../partition.js";
import { recordTo } from "../recording/recorder.js";
import { loadSdk, type Sdk } from "./clients.js";
import { createCredentials, isExpired } from "./credentials.js";
import { oneAfterAnother } from "./load-package.js";
import { isOfAws } from "./middleware.js";
import { noRegion, notARegion } from "./no-region.js";
import { createRequestHandler } from "./request-handler.js";
import { toCredentialsError } from "./to-credentials-error.js";

/** The SDK's clients of one cloud, with credentials and connections in common. */
export interface Connection {
  region(): Promise<string>;
  /** Sends the SDK's command of the method's name: `createCluster` sends `CreateClusterCommand`. */
  send(
    service: ServiceName,
    method: string,
    input: unknown,
    signal: AbortSignal | undefined,
  ): Promise<unknown>;
  /** False if no DNS knows the name yet. */
  resolves(dnsName: string): Promise<boolean>;
}

export function connect(settings: AwsSettings, offset: ClockOffset): Connection {
  const { region, profile, endpoint } = settings;
  const requestHandler = once(() => createRequestHandler(settings));
  const record = settings.record === undefined ? undefined : recordTo(settings.record);
  const credentials = createCredentials(settings, systemClock.now, requestHandler, record);
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
  const send: Connection["send"] = async (service, method, input, signal) => {
    const { exports, client } = await sdk(service);
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
  return {
    region: async () => {
      if (region !== undefined) return region;
      const found = await regionOf(await sdk("ecs"));
      if (endpoint === undefined && !isRegion(found)) throw notARegion(found);
      return found;
    },
    send: (...call) =>
      send(...call).catch((error: unknown) => {
        throw toQuaysideError(error, settings);
      }),
    // The load balancers of another endpoint have names that no DNS knows.
    resolves: async (dnsName) => !isOfAws(hosts.get("elb")) || isKnown(dnsName),
  };
}

function toQuaysideError(error: unknown, settings: AwsSettings): unknown {
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
