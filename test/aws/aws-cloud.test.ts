import { CreateClusterCommand, DescribeClustersCommand, ECSClient } from "@aws-sdk/client-ecs";
import { mockClient } from "aws-sdk-client-mock";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { aws } from "../../src/aws/aws-cloud.js";
import { isUnsupportedOperation } from "../../src/aws/error-code.js";

const credentials = { accessKeyId: "id", secretAccessKey: "secret" };
const servers: Server[] = [];

interface OwnEndpoint {
  readonly isOwn?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of servers.splice(0)) server.close();
});

/** An endpoint that answers everything with the same thing. */
async function endpoint(status: number, type: string, body: string) {
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    response.writeHead(status, { "content-type": type }).end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests: () => requests };
}

describe("aws()", () => {
  it("sends the SDK's command of the method's name", async () => {
    const ecs = mockClient(ECSClient);
    ecs.on(CreateClusterCommand, { clusterName: "web" }).resolves({ cluster: { clusterArn: "arn" } });
    const { ports } = aws({ region: "eu-west-1" });
    expect(await ports.ecs.createCluster({ clusterName: "web" })).toEqual({ cluster: { clusterArn: "arn" } });
    ecs.restore();
  });

  it.each([
    ["AWS", "", {}, false],
    ["an endpoint", "", { isOwn: true }, true],
    ["AWS_ENDPOINT_URL", "", { environment: { AWS_ENDPOINT_URL: "URL" } }, true],
    ["endpoint_url of the profile", "[default]\nendpoint_url = URL", {}, true],
    [
      "endpoint_url of the profile's services",
      "[default]\nservices = local\n[services local]\nelastic_load_balancing_v2 =\n  endpoint_url = URL",
      {},
      true,
    ],
    [
      "endpoint_url that is ignored",
      "[default]\nendpoint_url = URL",
      { environment: { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" } },
      false,
    ],
  ] as const)(
    "waits for the names of load balancers of AWS only (%s)",
    async (_, config, { isOwn = false, environment = {} }: OwnEndpoint, isKnown) => {
      const { url } = await endpoint(400, "text/xml", "");
      const folder = await mkdtemp(join(tmpdir(), "quayside-config-"));
      await writeFile(join(folder, "config"), `${config.replaceAll("URL", url)}\n`);
      vi.stubEnv("AWS_CONFIG_FILE", join(folder, "config"));
      vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(folder, "none"));
      for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value.replace("URL", url));
      const { ports, resolves } = aws({
        region: "eu-west-1",
        credentials,
        ...(isOwn && { endpoint: url }),
      });
      // Nothing is sent to AWS.
      const signal = isKnown ? undefined : AbortSignal.abort();
      await ports.elb.describeLoadBalancers({}, signal && { signal }).catch(() => {});
      expect(await resolves!("no-such-name.invalid")).toBe(isKnown);
      await rm(folder, { recursive: true });
    },
  );

  it("makes one client a service, however many calls come at once", async () => {
    const ecs = mockClient(ECSClient);
    ecs.on(DescribeClustersCommand).resolves({});
    const { ports } = aws({ region: "eu-west-1" });
    await Promise.all([1, 2, 3].map(() => ports.ecs.describeClusters({})));
    expect(new Set(ecs.send.thisValues).size).toBe(1);
    ecs.restore();
  });

  it("loads no AWS SDK until something is sent, and then only the service's own", async () => {
    const script = `
      import { createRequire } from "node:module";
      import { aws } from "./src/aws/aws-cloud.ts";
      const loaded = () => Object.keys(createRequire(import.meta.url).cache)
        .flatMap((file) => /@aws-sdk.(client-[a-z0-9-]+)/.exec(file)?.[1] ?? []);
      const cloud = aws({ region: "eu-west-1", endpoint: "http://127.0.0.1:1" });
      await cloud.region();
      const before = loaded();
      await cloud.ports.ssm.getParameter({ Name: "x" }, { signal: AbortSignal.abort() }).catch(() => {});
      console.log(JSON.stringify([before, [...new Set(loaded())]]));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--import",
      "tsx",
      "--input-type=module",
      "-e",
      script,
    ]);
    expect(JSON.parse(stdout)).toEqual([[], ["client-ssm"]]);
  });

  it("takes the region from the SDK's own chain", async () => {
    vi.stubEnv("AWS_REGION", "eu-north-1");
    expect(await aws().region()).toBe("eu-north-1");
  });

  it("says what to do when no region is set", async () => {
    for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"]) vi.stubEnv(name, "");
    vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    await expect(aws().region()).rejects.toMatchObject({
      code: "no-region",
      fix: expect.stringContaining("AWS_REGION"),
    });
  });

  it("says what to do when there are no credentials", async () => {
    const ecs = mockClient(ECSClient);
    const cause = Object.assign(new Error("Could not load credentials from any providers"), {
      name: "CredentialsProviderError",
    });
    ecs.on(DescribeClustersCommand).rejects(cause);
    await expect(aws({ region: "eu-west-1" }).ports.ecs.describeClusters({})).rejects.toMatchObject({
      code: "no-credentials",
      cause,
    });
    ecs.restore();
  });

  it("takes an endpoint's error page for a missing operation once it came three times", async () => {
    const { url, requests } = await endpoint(500, "text/html", "<!doctype html><title>500</title>");
    const { ports } = aws({ region: "eu-west-1", endpoint: url, credentials });
    for (const call of [
      () => ports.ecs.listServiceDeployments({ service: "web" }),
      () => ports.ec2.describeVpcs({}),
    ]) {
      const error: unknown = await call().catch((reason: unknown) => reason);
      expect(isUnsupportedOperation(error)).toBe(true);
    }
    expect(requests()).toBe(2 * 3);
  });

  it("gives AWS's own code and message on", async () => {
    const body = JSON.stringify({ __type: "ClusterNotFoundException", message: "Cluster not found." });
    const { url } = await endpoint(400, "application/x-amz-json-1.1", body);
    const { ports } = aws({ region: "eu-west-1", endpoint: url, credentials });
    await expect(ports.ecs.listServices({ cluster: "web" })).rejects.toMatchObject({
      name: "ClusterNotFoundException",
      message: "Cluster not found.",
    });
  });

  it("addresses listeners as browsers do", () => {
    const { address } = aws();
    const dnsName = "alb.elb.amazonaws.com";
    expect(address({ dnsName, protocol: "http", port: 80 })).toBe("http://alb.elb.amazonaws.com");
    expect(address({ dnsName, protocol: "http", port: 8080 })).toBe("http://alb.elb.amazonaws.com:8080");
    expect(address({ dnsName, protocol: "https", port: 443 })).toBe("https://alb.elb.amazonaws.com");
  });
});
