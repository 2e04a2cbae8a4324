import { afterAll, beforeAll, expect, test } from "vitest";
import { Cluster, Deployment, deployments, Fleet } from "../../src/index.js";
import { describeOverHttp } from "./describe-over-http.js";
import { sharedAccount } from "./foreign-resources.js";
import type { Account, HttpCloud } from "./http-cloud.js";
import { inventory } from "./inventory.js";
import { overHttp } from "./over-http.js";
import type { RawClients } from "./raw-clients.js";

const preview = (pr: string, account: Account) =>
  new Deployment(`talk-pr-${pr}`)
    .image(`registry.example.com/talk-service:pr-${pr}`)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .service({ desired: 1 })
    .cluster(new Cluster("previews").fargate())
    .behindAlb("previews", { host: `pr-${pr}.example.com`, healthCheck: "/health" })
    .tags({ pr })
    .on(overHttp(account));

describeOverHttp("previews by their names over HTTP", (clouds) => {
  let moto: HttpCloud;
  let account: Account;
  let raw: RawClients;
  let before: Record<string, string[]>;
  const named = (name: string) => Deployment.named(name).on(overHttp(account));

  beforeAll(async () => {
    moto = await clouds.start();
    ({ account, raw, before } = await sharedAccount(moto));
    const both = ["101", "102"].map((pr) => preview(pr, account));
    await new Fleet(both).on(overHttp(account)).deploy();
    await moto.settle(account);
  });

  afterAll(() => moto?.stop());

  test("are listed with their clusters, addresses and tags, and by their tags", async () => {
    const all = await deployments({ on: overHttp(account) });
    expect(all.map(({ name, cluster, url, tags }) => ({ name, cluster, url, tags }))).toEqual([
      { name: "talk-pr-101", cluster: "previews", url: expect.any(String), tags: { pr: "101" } },
      { name: "talk-pr-102", cluster: "previews", url: expect.any(String), tags: { pr: "102" } },
    ]);
    const one = await deployments({ on: overHttp(account), tags: { pr: "102" } });
    expect(one.map(({ name }) => name)).toEqual(["talk-pr-102"]);
  });

  test("have the history and the status of their chains", async () => {
    const { events: _, ...status } = await named("talk-pr-101").status();
    const { events: __, ...ofChain } = await preview("101", account).status();
    expect(status).toEqual(ofChain);
    expect(await named("talk-pr-101").history()).toEqual(await preview("101", account).history());
    expect(await named("talk-pr-103").status()).toMatchObject({ exists: false, cluster: undefined });
  });

  test("are destroyed one by one; the last one takes along what they share", async () => {
    await named("talk-pr-101").destroy();
    await moto.settle(account);
    expect((await deployments({ on: overHttp(account) })).map(({ name }) => name)).toEqual(["talk-pr-102"]);
    expect((await preview("102", account).plan()).isEmpty).toBe(true);
    await named("talk-pr-102").destroy();
    await moto.settle(account);
    expect(await inventory(raw)).toEqual(before);
  });
});
