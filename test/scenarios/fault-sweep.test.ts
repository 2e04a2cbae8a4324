import { expect, test } from "vitest";
import type { LocalCloud } from "../../src/local/index.js";
import { sweep } from "./sweep.js";
import { talkOnFargate, talkService } from "./tutorial.js";

const changed = (cloud: LocalCloud) =>
  talkService(cloud, "registry.example.com/talk-service:2")
    .env({ GREETING: "hello" })
    .logs("talk-service-cloudwatch", { retention: "60d" })
    .service({ desired: 3 });

test("a deploy without changes that meets any fault changes nothing", async () => {
  expect(await sweep({ from: talkService, to: talkService })).toMatchInlineSnapshot(`78`);
});

test("an update that meets any fault at any call is finished by the next run", async () => {
  expect(await sweep({ from: talkService, to: changed, after: "destroy" })).toMatchInlineSnapshot(`285`);
});

test("a destroy that meets any fault at any call is finished by the next run", async () => {
  const positions = await sweep({
    from: talkService,
    run: (cloud, options) => talkService(cloud).destroy(options),
    foreign: "beside",
  });
  expect(positions).toMatchInlineSnapshot(`380`);
});

test("a first deploy on Fargate that meets any fault is finished by the next run", async () => {
  expect(await sweep({ to: talkOnFargate, after: "destroy" })).toMatchInlineSnapshot(`482`);
});
