import { expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer, type CompleteDeployment } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { sweep } from "./sweep.js";
import { OIDC } from "./oidc.js";

const account = (): Promise<LocalCloud> => sharedAccount({ certificates: [{ domain: "talk.example.com" }] });

const alb = new LoadBalancer("conferenceAlb").https(443, { certificate: "talk.example.com" });
const talk = (on: LocalCloud): CompleteDeployment =>
  new Deployment("talk-service")
    .image("registry.example.com/talk-service:1")
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .sidecar("admin", { image: "registry.example.com/admin:1", port: 9000, essential: true })
    .behindAlb(alb, { path: "/talk*" })
    .on(on);
const signedIn = (on: LocalCloud): CompleteDeployment =>
  talk(on).behindAlb(alb, { path: "/talk*", authenticate: { oidc: OIDC } });
const both = (on: LocalCloud): CompleteDeployment =>
  talk(on).behindAlb(alb, { path: "/admin*", container: "admin", port: 9000 });

test("a sign-in that is added meets any fault, and is there after the next run", async () => {
  const positions = await sweep({ account, from: talk, to: signedIn, reads: "telling" });
  expect(positions).toMatchInlineSnapshot(`22`);
});

test("a second route that is added meets any fault, and is there after the next run", async () => {
  const positions = await sweep({ account, from: talk, to: both, only: ({ write }) => write });
  expect(positions).toMatchInlineSnapshot(`56`);
});

test("a second route that is no longer described meets any fault, and is gone after the next run", async () => {
  const positions = await sweep({ account, from: both, to: talk, only: ({ write }) => write });
  expect(positions).toMatchInlineSnapshot(`49`);
});

const answered = (on: LocalCloud): CompleteDeployment =>
  talk(on).behindAlb(
    alb.redirect({ path: "/old/*" }, { to: "/talk/#{path}" }).respond({ path: "/health" }, { status: 200 }),
    { path: "/talk*" },
  );

test("a redirect and a fixed response that are added meet any fault, and are there after the next run", async () => {
  const positions = await sweep({ account, from: talk, to: answered, only: ({ write }) => write });
  expect(positions).toMatchInlineSnapshot(`14`);
});

test("a redirect and a fixed response that are no longer described meet any fault, and are gone after the next run", async () => {
  const positions = await sweep({ account, from: answered, to: talk, only: ({ write }) => write });
  expect(positions).toMatchInlineSnapshot(`14`);
});

const inColors =
  (version: number) =>
  (on: LocalCloud): CompleteDeployment =>
    both(on)
      .image(`registry.example.com/talk-service:${version}`)
      .blueGreen({ shift: [50, 100], every: "30s", verify: () => {} }) as CompleteDeployment;

test("a blue/green release of two routes meets any fault, and is finished by the next run", async () => {
  const positions = await sweep({
    account,
    from: inColors(1),
    to: inColors(2),
    after: "destroy",
    only: ({ write }) => write,
  });
  expect(positions).toMatchInlineSnapshot(`91`);
});
