import { lazyDockerImages } from "../docker/lazy-docker-images.js";
import { systemClock } from "../engine/clock.js";
import type { AwsApi, ServiceName } from "./api.js";
import { parseAwsOptions, type AwsOptions } from "./aws-options.js";
import { ClockOffset } from "./clock-offset.js";
import type { Cloud, ListenerAddress } from "./cloud.js";
import type { Connection } from "./sdk/connection.js";

const SERVICES = Object.keys({
  acm: true,
  applicationAutoScaling: true,
  autoScaling: true,
  cloudWatch: true,
  ec2: true,
  ecr: true,
  ecs: true,
  elb: true,
  iam: true,
  logs: true,
  route53: true,
  scheduler: true,
  serviceDiscovery: true,
  ssm: true,
  sts: true,
  tagging: true,
  waf: true,
} satisfies Record<ServiceName, true>) as readonly ServiceName[];

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
  const { allowedAccounts, record } = settings;
  const offset = new ClockOffset();
  let connecting: Promise<Connection> | undefined;
  const connection = (): Promise<Connection> =>
    (connecting ??= import("./sdk/connection.js").then(({ connect }) => connect(settings, offset)));

  return {
    region: async () => (await connection()).region(),
    ports: Object.fromEntries(
      SERVICES.map((service) => [service, apiOf(service, connection)]),
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
    resolves: async (dnsName) => (await connection()).resolves(dnsName),
  };
}

/** Clouds with these settings in common are one account, unless the environment changes meanwhile. */
const paceOf = ({ profile, endpoint, assumeRole }: ReturnType<typeof parseAwsOptions>): string =>
  JSON.stringify([profile, endpoint, assumeRole?.roleArn]);

/** The API of a service: every method sends the SDK's command of its name. */
function apiOf(service: ServiceName, connection: () => Promise<Connection>): object {
  const methods = new Map<string, unknown>();
  return new Proxy(
    {},
    {
      get(_, method) {
        // `await` looks for a `then` on every value; no operation has that name.
        if (typeof method === "symbol" || method === "then") return undefined;
        if (!methods.has(method)) {
          methods.set(method, async (input: unknown, { signal }: { readonly signal?: AbortSignal } = {}) =>
            (await connection()).send(service, method, input, signal),
          );
        }
        return methods.get(method);
      },
    },
  );
}

function address({ protocol, dnsName, port }: ListenerAddress): string {
  const usual = { https: 443, http: 80, tcp: undefined, tls: undefined, udp: undefined }[protocol];
  return `${protocol}://${dnsName}${port === usual ? "" : `:${port}`}`;
}
