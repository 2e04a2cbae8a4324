import { afterEach, expect, test } from "vitest";
import type { Cloud } from "../../src/index.js";
import { Cluster, Deployment, LoadBalancer } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";

const clouds: LocalCloud[] = [];
afterEach(async () => {
  await Promise.all(clouds.splice(0).map((cloud) => cloud.close()));
});

/** Everything with an ARN that quayside composes: roles with managed policies, secrets, alarms, schedules. */
const everything = (cloud: Cloud) =>
  new Deployment("talk-service")
    .image("registry.example.com/talk-service:1")
    .port(8080)
    .secrets({ DB: "ssm:/talk/db" })
    .taskRole({ policies: [{ Statement: { Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" } }] })
    .service({ exec: true })
    .cluster(
      new Cluster("conference-cluster").autoscale({
        min: 2,
        max: 4,
        steps: [{ when: "cpu >= 30", for: "60s", add: 2 }],
      }),
    )
    .behindAlb(new LoadBalancer("conferenceAlb").http(80), { path: "/talk*", healthCheck: "/health" })
    .autoscale({ min: 2, max: 6, cpu: 50 })
    .on(cloud);

test.each([
  ["cn-north-1", "aws-cn", "amazonaws.com.cn"],
  ["us-gov-west-1", "aws-us-gov", "amazonaws.com"],
  ["eusc-de-east-1", "aws-eusc", "amazonaws.eu"],
  ["us-iso-east-1", "aws-iso", "c2s.ic.gov"],
  ["us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"],
  ["eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"],
  ["us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"],
  ["mx-central-1", "aws", "amazonaws.com"],
])("in %s every ARN is of the partition %s", async (region, partition, suffix) => {
  const cloud = localCloud({ clock: "virtual", region });
  clouds.push(cloud);
  const { url } = await everything(cloud).deploy();
  expect(url).toMatch(new RegExp(`\\.elb\\.${suffix.replaceAll(".", "\\.")}/talk$`));
  expect((await everything(cloud).plan()).isEmpty).toBe(true);

  const sent = JSON.stringify(cloud.calls.map(({ input }) => input));
  const partitions = new Set([...sent.matchAll(/\barn:([a-z-]+):/g)].map((match) => match[1]));
  expect([...partitions]).toEqual([partition]);
  const { plugin } = await everything(cloud).exec({ command: "sh" });
  expect(plugin.at(-1)).toBe(`https://ssm.${region}.${suffix}`);

  await everything(cloud).destroy();
});

test("in China a domain leads to the load balancer's name there, and a bucket's policy has China's ARNs", async () => {
  const cloud = localCloud({
    clock: "virtual",
    region: "cn-northwest-1",
    hostedZones: ["example.com"],
    logBuckets: ["logs"],
  });
  clouds.push(cloud);
  const talk = (bucket: string) =>
    new Deployment("talk-service")
      .image("registry.example.com/talk-service:1")
      .container({ port: 8080, cpu: 256, memory: 512 })
      .cluster(new Cluster("conference").fargate())
      .behindAlb(new LoadBalancer("conferenceAlb").attributes({ accessLogs: `s3://${bucket}` }), {
        domain: "talk.example.com",
      })
      .on(cloud);
  await expect(talk("others").deploy()).rejects.toMatchObject({
    code: "log-bucket",
    fix: expect.stringContaining("arn:aws-cn:s3:::others/AWSLogs/123456789012/*") as string,
  });
  const { url, loadBalancer } = await talk("logs").deploy();
  expect(url).toBe("https://talk.example.com");
  expect(loadBalancer?.dnsName).toMatch(/\.cn-northwest-1\.elb\.amazonaws\.com\.cn$/);
  const aliases = cloud.calls
    .filter(({ operation }) => operation === "changeResourceRecordSets")
    .flatMap(({ input }) =>
      [...JSON.stringify(input).matchAll(/"DNSName":"([^"]+)"/g)].map(([, name]) => name),
    );
  expect(new Set(aliases)).toEqual(new Set([loadBalancer?.dnsName.toLowerCase()]));
  expect((await talk("logs").plan()).isEmpty).toBe(true);
  expect((await talk("logs").destroy()).kept).toEqual([]);
});
