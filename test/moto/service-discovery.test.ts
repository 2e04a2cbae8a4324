import { ListServicesCommand, type ServiceDiscoveryClient } from "@aws-sdk/client-servicediscovery";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeOverHttp } from "./describe-over-http.js";
import { discoveryClient, namespacesIn, talkOnFargate } from "./discovery.js";
import { sharedAccount } from "./foreign-resources.js";
import type { Account, HttpCloud } from "./http-cloud.js";

const talkOn = (account: Account) =>
  talkOnFargate(account).serviceDiscovery({ namespace: "conference.internal", as: "talk" });

describeOverHttp("DNS names over HTTP", (clouds) => {
  let cloud: HttpCloud;
  let account: Account;
  let discovery: ServiceDiscoveryClient;

  beforeAll(async () => {
    cloud = await clouds.start();
    ({ account } = await sharedAccount(cloud));
    discovery = discoveryClient(account);
  });
  afterAll(() => cloud?.stop());

  const services = async () =>
    ((await discovery.send(new ListServicesCommand({}))).Services ?? []).map(({ Name, DnsConfig }) => [
      Name,
      DnsConfig?.DnsRecords?.[0]?.Type,
      DnsConfig?.DnsRecords?.[0]?.TTL,
    ]);

  test("a private namespace is created, a second deploy changes nothing, and a destroy leaves nothing", async () => {
    await talkOn(account).deploy();
    expect(await namespacesIn(discovery)).toEqual(["conference.internal"]);
    expect(await services()).toEqual([["talk", "A", 10]]);
    expect((await talkOn(account).plan()).toString()).toMatch(/^Plan: nothing to change/);
    await talkOn(account).destroy();
    expect(await namespacesIn(discovery)).toEqual([]);
    expect(await services()).toEqual([]);
  });
});
