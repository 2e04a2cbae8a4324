import { ACMClient, ListCertificatesCommand } from "@aws-sdk/client-acm";
import {
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer } from "../../src/index.js";
import { describeOverHttp } from "./describe-over-http.js";
import { sharedAccount } from "./foreign-resources.js";
import type { Account, HttpCloud } from "./http-cloud.js";
import { underItsPolicy } from "./under-its-policy.js";

const DOMAIN = "talk.conference.test";

const talkOn = (account: Account) =>
  new Deployment("talk-service")
    .image("registry.example.com/talk-service:1")
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .behindAlb(new LoadBalancer("conferenceAlb").https(443, { redirectHttp: true }), {
      domain: DOMAIN,
      path: "/talk*",
      methods: ["GET", "POST"],
    })
    .on(underItsPolicy(account, { shorter: 20 }));

describeOverHttp("a domain over HTTP", (clouds) => {
  let cloud: HttpCloud;
  let account: Account;
  let zone: string;
  let route53: Route53Client;
  let acm: ACMClient;

  beforeAll(async () => {
    cloud = await clouds.start();
    ({ account } = await sharedAccount(cloud));
    const { endpoint, region, credentials } = account;
    route53 = new Route53Client({ endpoint, region, credentials });
    acm = new ACMClient({ endpoint, region, credentials });
    const { HostedZone } = await route53.send(
      new CreateHostedZoneCommand({ Name: "conference.test", CallerReference: "1" }),
    );
    zone = HostedZone!.Id!;
  });
  afterAll(() => cloud?.stop());

  const records = async () => {
    const { ResourceRecordSets = [] } = await route53.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: zone }),
    );
    return ResourceRecordSets.filter(({ Type }) => Type !== "NS" && Type !== "SOA");
  };
  const requested = async () => {
    const { CertificateSummaryList = [] } = await acm.send(new ListCertificatesCommand({}));
    return CertificateSummaryList.filter(({ DomainName }) => DomainName === DOMAIN);
  };

  test("has its records and its certificate, a second deploy changes nothing, and a destroy leaves nothing", async () => {
    const { url } = await talkOn(account).deploy();
    expect(url).toMatch(/^https:/);
    expect((await records()).map(({ Name, Type }) => `${Type} ${Name}`)).toEqual(
      expect.arrayContaining([`A ${DOMAIN}.`, `AAAA ${DOMAIN}.`, `TXT _quayside.${DOMAIN}.`]),
    );
    expect((await requested()).length).toBe(1);
    expect((await talkOn(account).plan()).toString()).toMatch(/^Plan: nothing to change/);

    await talkOn(account).destroy();
    expect(await records()).toEqual([]);
    expect(await requested()).toEqual([]);
  });
});
