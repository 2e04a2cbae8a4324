import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { aws } from "../../src/aws/aws-cloud.js";
import { proxyFor } from "../../src/aws/sdk/proxy.js";
import { closeServers, serve, startProxy } from "./http-servers.js";

const credentials = { accessKeyId: "id", secretAccessKey: "secret" };
const VARIABLES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"];

beforeEach(() => {
  for (const name of VARIABLES) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  closeServers();
});

const ecs = { protocol: "https:", hostname: "ecs.eu-west-1.amazonaws.com" };
const PROXY = "http://proxy:3128";

describe("the proxy of a request", () => {
  test.each<[string, Record<string, string>, string | undefined]>([
    ["is none by default", {}, undefined],
    ["is that of HTTPS_PROXY", { HTTPS_PROXY: PROXY }, PROXY],
    ["is that of https_proxy before it", { HTTPS_PROXY: "http://other", https_proxy: PROXY }, PROXY],
    ["may lack its protocol", { HTTPS_PROXY: "proxy:3128" }, PROXY],
    ["is not that of HTTP_PROXY", { HTTP_PROXY: PROXY }, undefined],
    [
      "is none for a host in NO_PROXY",
      { HTTPS_PROXY: PROXY, NO_PROXY: "x, ecs.eu-west-1.amazonaws.com" },
      undefined,
    ],
    [
      "is none for a host below one in NO_PROXY",
      { HTTPS_PROXY: PROXY, NO_PROXY: "amazonaws.com" },
      undefined,
    ],
    [
      "is none for a host below .x in NO_PROXY",
      { HTTPS_PROXY: PROXY, NO_PROXY: ".AmazonAWS.com" },
      undefined,
    ],
    [
      "is none for a host below *.x in NO_PROXY",
      { HTTPS_PROXY: PROXY, no_proxy: "*.amazonaws.com" },
      undefined,
    ],
    ["is none for the port in NO_PROXY", { HTTPS_PROXY: PROXY, NO_PROXY: "amazonaws.com:443" }, undefined],
    ["is used for another port", { HTTPS_PROXY: PROXY, NO_PROXY: "amazonaws.com:8443" }, PROXY],
    ["is used for a host that only ends alike", { HTTPS_PROXY: PROXY, NO_PROXY: "aws.com" }, PROXY],
    ["is none for * in NO_PROXY", { HTTPS_PROXY: PROXY, NO_PROXY: "*" }, undefined],
  ])("%s", (_, env, proxy) => {
    expect(proxyFor(ecs, undefined, env)).toBe(proxy);
  });

  test("is the option's before the environment's", () => {
    expect(proxyFor(ecs, PROXY, { HTTPS_PROXY: "http://other" })).toBe(PROXY);
    expect(proxyFor(ecs, PROXY, { NO_PROXY: "amazonaws.com" })).toBeUndefined();
    expect(proxyFor(ecs, false, { HTTPS_PROXY: PROXY })).toBeUndefined();
  });

  test("is that of HTTP_PROXY for a plain endpoint", () => {
    expect(proxyFor({ protocol: "http:", hostname: "localhost" }, undefined, { HTTP_PROXY: PROXY })).toBe(
      PROXY,
    );
  });
});

describe("requests through a proxy", () => {
  const endpoint = async () => {
    const { url } = await serve((_, response) =>
      response.writeHead(200, { "content-type": "application/x-amz-json-1.1" }).end('{"taskArns":["arn"]}'),
    );
    return url;
  };
  const list = (options: object) =>
    aws({
      region: "eu-west-1",
      credentials,
      endpoint: "http://ecs.example.com",
      ...options,
    }).ports.ecs.listTasks({});

  test("to an endpoint over HTTP are sent to the proxy", async () => {
    const { url, requests } = await startProxy(await endpoint());
    vi.stubEnv("HTTP_PROXY", url);
    expect(await list({})).toMatchObject({ taskArns: ["arn"] });
    expect(requests).toEqual(["POST http://ecs.example.com/"]);
  });

  test("to AWS open a tunnel to it, with the password of the URL", async () => {
    const { url, requests } = await startProxy(await endpoint(), { password: "secret" });
    const withPassword = url.replace("//", "//user:secret@");
    // What is at the end of the tunnel does not speak TLS: the request fails there, and is not retried for long.
    const call = aws({ region: "eu-west-1", credentials, proxy: withPassword }).ports.ecs.listTasks(
      {},
      { signal: AbortSignal.timeout(1_000) },
    );
    await expect(call).rejects.toBeInstanceOf(Error);
    expect(requests[0]).toBe("CONNECT ecs.eu-west-1.amazonaws.com:443");
  });

  test("that it refuses for want of a password are told so", async () => {
    const { url } = await startProxy(await endpoint(), { password: "secret" });
    for (const options of [{ proxy: url }, { proxy: url, endpoint: "https://ecs.example.com" }]) {
      await expect(list(options)).rejects.toMatchObject({
        code: "proxy-refused",
        fix: expect.stringContaining("HTTPS_PROXY"),
      });
    }
  });

  test("are not sent there if NO_PROXY has the host, or proxy is false", async () => {
    const { url, requests } = await startProxy(await endpoint());
    vi.stubEnv("HTTP_PROXY", url);
    expect(await list({ proxy: false, endpoint: await endpoint() })).toMatchObject({ taskArns: ["arn"] });
    vi.stubEnv("NO_PROXY", "127.0.0.1");
    expect(await list({ endpoint: await endpoint() })).toMatchObject({ taskArns: ["arn"] });
    expect(requests).toEqual([]);
  });
});
