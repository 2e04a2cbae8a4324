import { afterEach, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer, type CompleteDeployment } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown, writesOf } from "./account.js";
import { comparable } from "./comparable.js";
import { withPermissionsOf } from "./least-privilege.js";
import { sweep } from "./sweep.js";

let cloud: LocalCloud | undefined;
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
});

const acl = (name: string, region = "eu-west-1") =>
  `arn:aws:wafv2:${region}:123456789012:regional/webacl/${name}/a1b2c3d4-5678-90ab-cdef-111111111111`;
const behind = (on: LocalCloud, webAcl?: string): CompleteDeployment => {
  const alb = new LoadBalancer("conferenceAlb").http(80);
  return new Deployment("talk-service")
    .image("registry.example.com/talk-service:1")
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .behindAlb(webAcl === undefined ? alb : alb.waf(webAcl))
    .on(on);
};
const associated = () => cloud!.state().loadBalancers["conferenceAlb"]!.webAcl;

test("a web ACL is associated once the load balancer is active, replaced, and disassociated when it is no longer described", async () => {
  cloud = await sharedAccount();
  const pristine = comparable(cloud);
  await behind(cloud, acl("one")).deploy();
  expect(associated()).toBe(acl("one"));
  expect((await behind(cloud, acl("one")).plan()).toString()).toMatch(/^Plan: nothing to change/);

  await behind(cloud, acl("two")).deploy();
  expect(associated()).toBe(acl("two"));
  const now = cloud;
  await withPermissionsOf(behind(now, acl("two")), () => behind(now).deploy());
  expect(associated()).toBeUndefined();
  expect((await behind(cloud).plan()).toString()).toMatch(/^Plan: nothing to change/);
  await tagsKnown(cloud);
  await behind(cloud).destroy();
  expect(comparable(cloud)).toEqual(pristine);
});

test("a web ACL that another tool has associated is left alone, and replaced by a described one", async () => {
  cloud = await sharedAccount();
  await behind(cloud).deploy();
  const [arn] = [...cloud.account.elb.loadBalancers.values()].flatMap(({ arn, name }) =>
    name === "conferenceAlb" ? [arn] : [],
  );
  cloud.account.waf.associations.set(arn!, acl("theirs"));
  expect((await behind(cloud).plan()).isEmpty).toBe(true);
  const { changes } = await behind(cloud, acl("ours")).plan();
  expect(changes.flatMap(({ fields }) => fields)).toEqual([
    { path: "webAcl", before: acl("theirs"), after: acl("ours") },
  ]);
  await behind(cloud, acl("ours")).deploy();
  expect(associated()).toBe(acl("ours"));
});

test("what is no regional web ACL is refused before any request, and one of another region before anything is changed", async () => {
  cloud = await sharedAccount();
  const now = cloud;
  for (const wrong of ["conference", "arn:aws:wafv2:us-east-1:123456789012:global/webacl/a/b", ""]) {
    const writes = await writesOf(now, () =>
      expect(behind(now, wrong).deploy()).rejects.toMatchObject({
        issues: [expect.objectContaining({ path: "loadBalancer.waf" })],
      }),
    );
    expect(writes).toEqual([]);
  }
  const elsewhere = behind(cloud, acl("one", "us-east-1"));
  const alb = new LoadBalancer("conferenceAlb").http(80).waf(acl("one", "us-east-1"));
  for (const refused of [() => elsewhere.plan(), () => elsewhere.deploy(), () => alb.on(now).plan()])
    await expect(refused()).rejects.toMatchObject({ code: "no-web-acl" });
  await elsewhere.destroy();
});

test("a web ACL whose association meets any fault is there after the next run", async () => {
  const positions = await sweep({
    from: (on) => behind(on, acl("one")),
    to: (on) => behind(on, acl("two")),
    only: ({ operation }) => /WebACL|addTags|removeTags/.test(operation),
  });
  expect(positions).toMatchInlineSnapshot(`16`);
});
