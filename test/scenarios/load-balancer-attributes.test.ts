import { afterEach, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer, type LoadBalancerAttributes } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { writesOf } from "./account.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const start = (logBuckets?: readonly string[]): LocalCloud =>
  (cloud = localCloud({ clock: "virtual", seed: 1, ...(logBuckets && { logBuckets }) }));

const withAttributes = (attributes?: LoadBalancerAttributes) => {
  const alb = new LoadBalancer("conferenceAlb");
  return attributes === undefined ? alb : alb.attributes(attributes);
};
const talk = (alb: LoadBalancer) =>
  new Deployment("talk-service")
    .image("talk-service:1")
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference").fargate())
    .behindAlb(alb)
    .on(cloud);
const present = (): Record<string, string> =>
  Object.fromEntries(
    [...cloud.account.elb.loadBalancers.values()].flatMap(({ attributes }) => [...attributes]),
  );

const ALL: LoadBalancerAttributes = {
  idleTimeout: "2m",
  clientKeepAlive: "2h",
  accessLogs: "s3://logs/alb",
  connectionLogs: "s3://logs",
  dropInvalidHeaders: true,
  http2: false,
  clientPort: true,
  preserveHost: true,
  forwardedFor: "preserve",
  desyncMitigation: "strictest",
  tlsHeaders: true,
  wafFailOpen: true,
};

test("every attribute is set as ELB names it, and a second deploy changes nothing", async () => {
  start();
  await talk(withAttributes(ALL)).deploy();
  expect(present()).toMatchInlineSnapshot(`
    {
      "access_logs.s3.bucket": "logs",
      "access_logs.s3.enabled": "true",
      "access_logs.s3.prefix": "alb",
      "client_keep_alive.seconds": "7200",
      "connection_logs.s3.bucket": "logs",
      "connection_logs.s3.enabled": "true",
      "connection_logs.s3.prefix": "",
      "idle_timeout.timeout_seconds": "120",
      "routing.http.desync_mitigation_mode": "strictest",
      "routing.http.drop_invalid_header_fields.enabled": "true",
      "routing.http.preserve_host_header.enabled": "true",
      "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "true",
      "routing.http.xff_client_port.enabled": "true",
      "routing.http.xff_header_processing.mode": "preserve",
      "routing.http2.enabled": "false",
      "waf.fail_open.enabled": "true",
    }
  `);
  expect((await talk(withAttributes(ALL)).plan()).isEmpty).toBe(true);
  expect((await talk(withAttributes(ALL)).destroy()).kept).toEqual([]);
});

test("attributes are changed in place, and one that is no longer given returns to AWS's default", async () => {
  start();
  await talk(withAttributes({ idleTimeout: "2m", dropInvalidHeaders: true })).deploy();
  // What is set by hand is none of the chain's business.
  for (const { attributes } of cloud.account.elb.loadBalancers.values())
    attributes.set("routing.http2.enabled", "false");

  const changed = talk(withAttributes({ idleTimeout: "3m" }));
  const fields = (await changed.plan()).changes.flatMap((change) => change.fields);
  expect(fields).toEqual([
    { path: "attributes.idleTimeout", before: "120", after: "180" },
    { path: "attributes.dropInvalidHeaders", before: "true", after: undefined },
  ]);
  expect(await writesOf(cloud, () => changed.deploy())).toEqual(["addTags", "modifyLoadBalancerAttributes"]);
  expect(present()["routing.http.drop_invalid_header_fields.enabled"]).toBe("false");

  await talk(withAttributes()).deploy();
  expect(present()).toMatchObject({
    "idle_timeout.timeout_seconds": "60",
    "routing.http2.enabled": "false",
  });
  expect((await talk(withAttributes()).plan()).isEmpty).toBe(true);
});

test("a change by hand of a described attribute is taken back", async () => {
  start();
  const chain = talk(withAttributes({ idleTimeout: "2m" }));
  await chain.deploy();
  for (const { attributes } of cloud.account.elb.loadBalancers.values())
    attributes.set("idle_timeout.timeout_seconds", "7");
  await chain.deploy();
  expect(present()["idle_timeout.timeout_seconds"]).toBe("120");
});

test("logs in a bucket that ELB may not write to end the deploy with AWS's reason, before the service", async () => {
  start(["logs"]);
  await expect(talk(withAttributes({ accessLogs: "s3://others/alb" })).deploy()).rejects.toMatchObject({
    facts: { code: "InvalidConfigurationRequest" },
    code: "log-bucket",
    message: expect.stringContaining("Access Denied for bucket: others") as string,
    fix: expect.stringContaining(
      '{"Effect":"Allow","Principal":{"Service":"logdelivery.elasticloadbalancing.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::others/alb/AWSLogs/123456789012/*"}',
    ) as string,
  });
  // Again, and as clearly, as often as it is tried.
  await expect(talk(withAttributes({ accessLogs: "s3://others/alb" })).deploy()).rejects.toMatchObject({
    code: "log-bucket",
    facts: { bucket: "others", region: "eu-west-1" },
  });
  expect(cloud.account.ecs.clusters.get("conference")?.services.size).toBe(0);
  await talk(withAttributes({ accessLogs: "s3://logs/alb" })).deploy();
  expect(present()["access_logs.s3.bucket"]).toBe("logs");
});

test("a load balancer with deletion protection is kept by a destroy, with its listener and its security group", async () => {
  start();
  const chain = talk(withAttributes({ deletionProtection: true }));
  await chain.deploy();
  const { kept } = await chain.destroy();
  const why =
    "the deletion protection of load-balancer conferenceAlb is on: .attributes({ deletionProtection: false })";
  expect(kept.map(({ resource }) => resource)).toContain("load-balancer");
  expect(new Set(kept.map((each) => each.why))).toEqual(new Set([why]));
  expect(cloud.account.elb.listeners.size).toBe(1);

  await talk(withAttributes({ deletionProtection: false })).deploy();
  expect((await talk(withAttributes({ deletionProtection: false })).destroy()).kept).toEqual([]);
  expect(cloud.account.elb.loadBalancers.size).toBe(0);
});

test("bad attributes are refused before any call", async () => {
  start();
  const bad = talk(
    withAttributes({ idleTimeout: "5000s", accessLogs: "logs", http2: "yes", idle: 1 } as never),
  );
  const { issues } = (await bad.plan().catch((error: unknown) => error)) as {
    issues: readonly { path: string; message: string }[];
  };
  expect(issues.map(({ path, message }) => `${path}: ${message}`)).toMatchInlineSnapshot(`
    [
      "loadBalancer.attributes.idleTimeout: must be a duration from 1s to 4000s, such as "60s", "5m", "1h" or "3d"; got "5000s"",
      "loadBalancer.attributes.accessLogs: must be a bucket in S3, with a prefix or without one and not containing AWSLogs, such as "s3://logs/alb", or false; got "logs"",
      "loadBalancer.attributes.http2: must be true or false; got "yes"",
      "loadBalancer.attributes.idle: unknown option; valid options: idleTimeout, clientKeepAlive, accessLogs, connectionLogs, deletionProtection, dropInvalidHeaders, http2, clientPort, preserveHost, tlsHeaders, wafFailOpen, forwardedFor, desyncMitigation",
    ]
  `);
  expect(cloud.calls).toEqual([]);
});
