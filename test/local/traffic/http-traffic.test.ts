import { Agent, request } from "node:http";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runningCloud, type RunningCloud } from "../running-cloud.js";

const script = fileURLToPath(new URL("../runtime/echo-server.mjs", import.meta.url));
const command = ["node", script];

let running: RunningCloud;
let url: string;
beforeEach(async () => {
  running = await runningCloud({
    clock: "real",
    // Provisioning and draining take a second and more of real time: enough on a busy machine, too.
    timeScale: 100,
    run: { "web:1": { command, env: { VERSION: "1" } }, "web:2": { command, env: { VERSION: "2" } } },
  });
  url = running.cloud.address({ dnsName: running.dnsName, protocol: "http", port: 80 });
  await running.registerInstances(2);
  await running.registerWeb();
});
afterEach(() => running.cloud.close());

interface Answer {
  readonly host: string;
  readonly version: string;
  readonly path: string;
  readonly headers: Record<string, string>;
}
const get = async (
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; answer: Answer }> => {
  const response = await fetch(url + path, { headers, redirect: "manual" });
  const text = await response.text();
  return { status: response.status, answer: text.startsWith("{") ? JSON.parse(text) : text };
};
const delay = (seconds: string) =>
  running.elb.modifyTargetGroupAttributes({
    TargetGroupArn: running.targetGroupArn,
    Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: seconds }],
  });

describe("a load balancer on the real clock", () => {
  it("distributes requests over the hosts of a service in turn, and forwards the client's address", async () => {
    expect((await get("/")).status).toBe(503);
    await running.createWeb();
    expect(await running.rollout()).toMatchObject({ status: "SUCCESSFUL" });
    const answers = [await get("/talk"), await get("/talk"), await get("/talk"), await get("/talk")];
    const hosts = answers.map(({ answer }) => answer.host);
    expect(new Set(hosts).size).toBe(2);
    expect(hosts[0]).toBe(hosts[2]);
    expect(hosts[0]).toMatch(/^[0-9a-f]{12}$/);
    expect(answers[0]?.answer.headers).toMatchObject({
      host: new URL(url).host,
      "x-forwarded-for": expect.stringContaining("127.0.0.1"),
      "x-forwarded-proto": "http",
      "x-forwarded-port": "80",
    });
  });

  it("loses no request during a rolling update, nor one that is in flight when its target drains", async () => {
    await delay("120");
    await running.createWeb();
    await running.rollout();
    const statuses = new Set<number>();
    const versions = new Set<string>();
    let done = false;
    // Requests of different lengths, so that some are always in flight.
    const client = async (wait: number) => {
      while (!done) {
        const { status, answer } = await get(`/?wait=${wait}`);
        statuses.add(status);
        versions.add(answer.version);
      }
    };
    const clients = [10, 20, 30, 40, 50, 60].map(client);
    const taskDefinition = await running.registerWeb({}, "web:2");
    await running.ecs.updateService({ cluster: "main", service: "web", taskDefinition });
    const { status } = await running.rollout();
    done = true;
    await Promise.all(clients);
    expect(status).toBe("SUCCESSFUL");
    expect([...statuses]).toEqual([200]);
    expect([...versions].sort()).toEqual(["1", "2"]);
    expect((await get("/")).answer.version).toBe("2");
  });

  it("answers a request for a whole URL, and keeps the headers of a connection from targets", async () => {
    await delay("120");
    await running.createWeb();
    await running.rollout();
    const { port, host } = new URL(url);
    const { status, answer } = await new Promise<{ status: number | undefined; answer: Answer }>(
      (resolve) => {
        const headers = { connection: "close, x-hop", "x-hop": "1", "x-end": "2", te: "trailers" };
        const options = { host: "127.0.0.1", port, path: `http://${host}/whole?a=b`, headers };
        request(options, (response) => {
          let body = "";
          response.on("data", (chunk) => (body += String(chunk)));
          response.on("end", () =>
            resolve({ status: response.statusCode, answer: JSON.parse(body) as Answer }),
          );
        }).end();
      },
    );
    expect(status).toBe(200);
    expect(answer.path).toBe("/whole");
    expect(answer.headers).toMatchObject({ host, "x-end": "2" });
    expect(Object.keys(answer.headers)).not.toContain("x-hop");
    expect(answer.headers["te"]).toBeUndefined();
  });

  it("evaluates its rules in the order of their priorities", async () => {
    const rule = (Priority: number, field: string, value: string, action: object) =>
      running.elb.createRule({
        ListenerArn: running.listenerArn,
        Priority,
        Conditions: [{ Field: field, Values: [value] }],
        Actions: [action as never],
      });
    const fixed = (MessageBody: string) => ({
      Type: "fixed-response",
      FixedResponseConfig: { StatusCode: "200", ContentType: "text/plain", MessageBody },
    });
    await rule(30, "path-pattern", "/a*", fixed("wide"));
    await rule(10, "path-pattern", "/a?c", fixed("narrow"));
    await rule(20, "path-pattern", "/old/*", {
      Type: "redirect",
      RedirectConfig: { StatusCode: "HTTP_301", Path: "/new/#{path}", Port: "80" },
    });
    await rule(5, "host-header", "*.example.com", fixed("host"));
    const text = async (path: string) => (await fetch(url + path)).text();
    expect([await text("/abc"), await text("/abbc"), await text("/a")]).toEqual(["narrow", "wide", "wide"]);
    const withHost = await new Promise<string>((resolve) => {
      request(`${url}/abc`, { headers: { host: "api.EXAMPLE.com:80" } }, (response) => {
        response.setEncoding("utf8").on("data", resolve);
      }).end();
    });
    expect(withHost).toBe("host");
    const redirect = await fetch(`${url}/old/x?y=1`, { redirect: "manual" });
    expect([redirect.status, redirect.headers.get("location")]).toEqual([301, `${url}/new/old/x?y=1`]);
    expect((await get("/b")).status).toBe(503);
  });

  it("answers 502 for a target that refuses connections, and sends no request to a group with weight 0", async () => {
    await running.createWeb({ desiredCount: 1 });
    await running.rollout();
    const { TargetGroups } = await running.elb.createTargetGroup({
      Name: "idle",
      Protocol: "HTTP",
      Port: 80,
      VpcId: running.vpcId,
    });
    const forward = (web: number, idle: number) =>
      running.elb.modifyListener({
        ListenerArn: running.listenerArn,
        DefaultActions: [
          {
            Type: "forward",
            ForwardConfig: {
              TargetGroups: [
                { TargetGroupArn: running.targetGroupArn, Weight: web },
                { TargetGroupArn: TargetGroups?.[0]?.TargetGroupArn, Weight: idle },
              ],
            },
          },
        ],
      });
    await forward(1, 0);
    expect((await get("/")).status).toBe(200);
    await forward(0, 1);
    expect((await get("/")).status).toBe(503);
    await forward(1, 0);
    const [task] = running.cloud.account.ecs.clusters.get("main")?.tasks.values() ?? [];
    if (task === undefined) throw new Error("There is no task");
    task.realPorts.clear();
    task.realPort = 1;
    expect((await get("/")).status).toBe(502);
  });

  it("closes idle connections of clients when it ends", async () => {
    const agent = new Agent({ keepAlive: true });
    await new Promise<void>((resolve) => {
      request(url, { agent }, (response) => response.resume().once("end", resolve)).end();
    });
    await running.cloud.close();
    await expect(fetch(url)).rejects.toThrow();
    agent.destroy();
  });
});

it("the name of a load balancer reaches nothing until it resolves, a while after the load balancer is active", async () => {
  const { LoadBalancers } = await running.elb.createLoadBalancer({
    Name: "young",
    Subnets: running.subnetIds,
    SecurityGroups: [running.groupId],
  });
  const { LoadBalancerArn, DNSName = "" } = LoadBalancers?.[0] ?? {};
  await running.elb.createListener({
    LoadBalancerArn,
    Protocol: "HTTP",
    Port: 8080,
    DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "200" } }],
  });
  const young = running.cloud.address({ dnsName: DNSName, protocol: "http", port: 8080 });
  await expect(fetch(young)).rejects.toThrow();
  await running.until(async () => {
    const { LoadBalancers: now } = await running.elb.describeLoadBalancers({ Names: ["young"] });
    return now?.[0]?.State?.Code === "active";
  });
  await expect(fetch(young)).rejects.toThrow();
  await running.until(() => running.cloud.resolves!(DNSName));
  expect((await fetch(young)).status).toBe(200);
});
