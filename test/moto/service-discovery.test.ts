import {
  ListNamespacesCommand,
  ListServicesCommand,
  ServiceDiscoveryClient,
} from "@aws-sdk/client-servicediscovery";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import { describeOverHttp } from "./describe-over-http.js";
import { sharedAccount } from "./foreign-resources.js";
import type { Account, HttpCloud } from "./http-cloud.js";
import { shortPauses } from "./short-pauses.js";
import { underItsPolicy } from "./under-its-policy.js";

const talkOn = (account: Account) =>
  new Deployment("talk-service")
    .image("registry.example.com/talk-service:1")
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .serviceDiscovery({ namespace: "conference.internal", as: "talk" })
    .on(shortPauses(underItsPolicy(account), 20));

describeOverHttp("DNS names over HTTP", (clouds) => {
  let cloud: HttpCloud;
  let account: Account;
  let discovery: ServiceDiscoveryClient;

  beforeAll(async () => {
    cloud = await clouds.start();
    ({ account } = await sharedAccount(cloud));
    const { endpoint, region, credentials } = account;
    discovery = new ServiceDiscoveryClient({ endpoint, region, credentials });
  });
  afterAll(() => cloud?.stop());

  const namespaces = async () =>
    ((await discovery.send(new ListNamespacesCommand({}))).Namespaces ?? []).map(({ Name }) => Name);

  const services = async () =>
    ((await discovery.send(new ListServicesCommand({}))).Services ?? []).map(({ Name, DnsConfig }) => [
      Name,
      DnsConfig?.DnsRecords?.[0]?.Type,
      DnsConfig?.DnsRecords?.[0]?.TTL,
    ]);

  test("a private namespace is created, a second deploy changes nothing, and a destroy leaves nothing", async () => {
    await talkOn(account).deploy();
    expect(await namespaces()).toEqual(["conference.internal"]);
    expect(await services()).toEqual([["talk", "A", 10]]);
    expect((await talkOn(account).plan()).toString()).toMatch(/^Plan: nothing to change/);
    await talkOn(account).destroy();
    expect(await namespaces()).toEqual([]);
    expect(await services()).toEqual([]);
  });
});
