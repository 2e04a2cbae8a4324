import { afterEach, describe, expect, test } from "vitest";
import { Deployment, deployments, LoadBalancer, SpecError, type BlueGreenOptions } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown, writesOf } from "./account.js";
import { comparable } from "./comparable.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const talk = (version: number, options: BlueGreenOptions = {}) =>
  new Deployment("talk-service")
    .image(`registry.example.com/talk-service:${version}`)
    .port(8080)
    .cluster("conference-cluster")
    .behindAlb("conferenceAlb", { host: "talk.example.com", path: "/talk*", healthCheck: "/health" })
    .blueGreen({ every: "0s", ...options })
    .on(cloud);
const rules = () =>
  [...cloud.account.elb.rules.values()].filter(({ tags }) => tags.get("quayside:kind") === "preview-rule");
const states = async (version: number) =>
  (await talk(version).history()).map(({ id, state }) => `${id} ${state}`);

describe("a version that is held", () => {
  test("is held in history() until it gets the traffic, and again after a rollback", async () => {
    cloud = await sharedAccount();
    await talk(1).deploy();
    await talk(2).deploy({ hold: true });
    expect(await states(2)).toEqual(["talk-service:2 held", "talk-service:1 live"]);
    const release = await talk(2).release();
    expect([release.live, release.held]).toEqual(["blue", "green"]);
    await release.promote();
    expect(release.held).toBeUndefined();
    expect(await states(2)).toEqual(["talk-service:2 live", "talk-service:1 superseded"]);
    await release.rollback();
    expect(release.held).toBe("green");
    expect(await states(2)).toEqual(["talk-service:2 held", "talk-service:1 live"]);
  });

  test("is planned without a warning of its own preview", async () => {
    cloud = await sharedAccount();
    const withPreview = talk(2, { preview: { header: "x-preview" } });
    await talk(1).deploy();
    await withPreview.deploy({ hold: true });
    expect((await withPreview.plan()).warnings).toEqual([]);
  });

  test("knows its image and its time, and is drawn for a person", async () => {
    cloud = await sharedAccount();
    await talk(1).deploy();
    await cloud.clock.sleep(3 * 86_400_000);
    await talk(2, { preview: { host: "next.example.com" } }).deploy({ hold: true });
    await cloud.clock.sleep(5_400_000);
    const release = await talk(2).release();
    expect(release.colors.green).toMatchObject({
      image: "registry.example.com/talk-service:2",
      deployedAt: expect.any(Date) as Date,
    });
    const text = String(release).replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "2026-11-26 08:00");
    expect(text).toMatchInlineSnapshot(`
      "talk-service: blue is live, green is held
        blue   ████████████████████ 100 %  release 1, 2 of 2 tasks
               registry.example.com/talk-service:1
               deployed 2026-11-26 08:00 UTC, 3 days ago
        green  ░░░░░░░░░░░░░░░░░░░░   0 %  release 2, 2 of 2 tasks
               registry.example.com/talk-service:2
               deployed 2026-11-26 08:00 UTC, 1 hour ago
               look at it: http://next.example.com/talk"
    `);
    for (const line of String(release).split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    await release.promote();
    expect(String(release).split("\n")[0]).toBe("talk-service: green is live, blue is kept until retire()");
  });
});

describe("a preview", () => {
  test("by a host of its own is where the held version answers, until it is promoted", async () => {
    cloud = await sharedAccount();
    const preview = { host: "next.example.com" };
    await talk(1, { preview }).deploy();
    // The first version has the traffic: there is nothing to look at before it.
    expect(rules()).toEqual([]);
    await talk(2, { preview }).deploy({ hold: true });
    const release = await talk(2, { preview }).release();
    expect(release.preview).toEqual({ color: "green", url: "http://next.example.com/talk", headers: {} });
    const [rule] = rules();
    expect(rule!.conditions).toMatchObject([{ Field: "host-header", Values: ["next.example.com"] }]);
    // The preview is not where the service answers, for who knows the name only neither.
    const named = Deployment.named("talk-service").on(cloud);
    expect((await named.release()).preview).toEqual(release.preview);
    expect((await named.status()).url).toBe("http://talk.example.com/talk");
    expect((await deployments({ on: cloud }))[0]!.url).toBe("http://talk.example.com/talk");
    // It stays while the version is held: there is nothing to change.
    expect((await talk(2, { preview }).plan({ hold: true })).isEmpty).toBe(true);
    expect(await writesOf(cloud, () => talk(2, { preview }).deploy({ hold: true }))).toEqual([]);
    await release.promote();
    expect(release.preview).toBeUndefined();
    expect(rules()).toEqual([]);
    expect((await talk(2, { preview }).plan()).isEmpty).toBe(true);
  });

  test("by a header is at the service's own URL", async () => {
    cloud = await sharedAccount();
    const preview = { header: "X-Preview" };
    await talk(1).deploy();
    await talk(2, { preview }).deploy({ hold: true });
    expect((await talk(2).release()).preview).toEqual({
      color: "green",
      url: "http://talk.example.com/talk",
      headers: { "x-preview": "talk-service" },
    });
  });

  test("follows the description, and the version that is held", async () => {
    cloud = await sharedAccount();
    await talk(1).deploy();
    await talk(2, { preview: { header: "x-preview" } }).deploy({ hold: true });
    await talk(3, { preview: { host: "next.example.com" } }).deploy({ hold: true });
    expect(rules().map(({ conditions }) => conditions[0]!.Values)).toEqual([["next.example.com"]]);
    const release = await talk(3).release();
    expect(release.preview).toMatchObject({ color: "green" });
    await release.retire();
    expect(rules()).toEqual([]);
  });

  test("that is no longer described is deleted by the next deploy, as the plan says", async () => {
    cloud = await sharedAccount();
    await talk(1).deploy();
    await talk(2, { preview: { host: "next.example.com" } }).deploy({ hold: true });
    await tagsKnown(cloud);
    const { changes } = await talk(2).plan({ hold: true });
    const planned = changes.filter(({ action }) => action !== "none");
    expect(planned.map(({ action, resource }) => `${action} ${resource}`)).toEqual(["delete preview-rule"]);
    await talk(2).deploy({ hold: true });
    expect(rules()).toEqual([]);
  });

  test("is destroyed with its deployment, by its name alone too", async () => {
    cloud = await sharedAccount();
    const before = comparable(cloud);
    const preview = { host: "next.example.com" };
    await talk(1, { preview }).deploy();
    await talk(2, { preview }).deploy({ hold: true });
    await Deployment.named("talk-service").on(cloud).destroy();
    await tagsKnown(cloud);
    expect(comparable(cloud)).toEqual(before);
  });

  test("is on every listener that serves the deployment", async () => {
    cloud = await sharedAccount({ certificates: [{ domain: "talk.example.com" }] });
    const alb = new LoadBalancer("conferenceAlb").http(80).https(443, { certificate: "talk.example.com" });
    const preview = { host: "next.example.com" };
    const behind = (version: number) =>
      talk(version, { preview }).behindAlb(alb, { path: "/talk*", healthCheck: "/health" });
    await behind(1).deploy();
    await behind(2).deploy({ hold: true });
    expect(rules()).toHaveLength(2);
    expect((await behind(2).release()).preview?.url).toBe("https://next.example.com/talk");
  });

  test.each([
    [{}, "blueGreen.preview", "must have either a host or a header"],
    [{ host: "next.example.com", header: "x" }, "blueGreen.preview", "must have either a host or a header"],
    [{ host: "*.example.com" }, "blueGreen.preview.host", "must be a host name without wildcards"],
    [{ host: "Talk.example.com" }, "blueGreen.preview.host", "must not be a host of the route"],
    [{ host: "next.example.com", value: "1" }, "blueGreen.preview.value", "is the value of a header"],
    [{ header: "Host" }, "blueGreen.preview.header", "must be the name of a request header other than Host"],
    [{ header: "x preview" }, "blueGreen.preview.header", "must be the name of a request header"],
    [{ header: "x-preview", value: "*" }, "blueGreen.preview.value", "must be 1 to 128 visible ASCII"],
    [{ hosts: "next.example.com" }, "blueGreen.preview.hosts", "did you mean host?"],
    ["next.example.com", "blueGreen.preview", "must be an object of options"],
  ])("that cannot work is refused before any request: %j", async (preview, path, message) => {
    cloud = await sharedAccount();
    const error = await talk(1, { preview: preview as never })
      .plan()
      .catch((error: unknown) => error);
    expect(error).toBeInstanceOf(SpecError);
    const issue = (error as SpecError).issues.find((each) => each.path === path);
    expect(issue?.message).toContain(message);
  });
});
