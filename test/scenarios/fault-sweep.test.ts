import { expect, test } from "vitest";
import { sweep } from "./sweep.js";
import { talkOnFargate, talkService } from "./tutorial.js";

const MINUTES = 10 * 60_000;

test("a deploy without changes that meets any fault changes nothing", { timeout: MINUTES }, async () => {
  const runs = await sweep({
    before: (cloud) => talkService(cloud).deploy(),
    run: (cloud, options) => talkService(cloud).deploy(options),
  });

  expect(runs).toBeGreaterThan(50);
});

test(
  "an update that meets any fault at any call is finished by the next run",
  { timeout: MINUTES },
  async () => {
    const changed = (cloud: Parameters<typeof talkService>[0]) =>
      talkService(cloud, "registry.example.com/talk-service:2")
        .env({ GREETING: "hello" })
        .logs("talk-service-cloudwatch", { retention: "60d" })
        .service({ desired: 3 });
    const runs = await sweep({
      before: (cloud) => talkService(cloud).deploy(),
      run: (cloud, options) => changed(cloud).deploy(options),
      after: (cloud) => changed(cloud).destroy(),
    });

    expect(runs).toBeGreaterThan(100);
  },
);

test(
  "a destroy that meets any fault at any call is finished by the next run",
  { timeout: MINUTES },
  async () => {
    const runs = await sweep({
      before: (cloud) => talkService(cloud).deploy(),
      run: (cloud, options) => talkService(cloud).destroy(options),
      strangers: "beside",
    });

    expect(runs).toBeGreaterThan(200);
  },
);

test(
  "a first deploy on Fargate that meets any fault is finished by the next run",
  { timeout: MINUTES },
  async () => {
    const runs = await sweep({
      before: async () => {},
      run: (cloud, options) => talkOnFargate(cloud).deploy(options),
      after: (cloud) => talkOnFargate(cloud).destroy(),
    });

    expect(runs).toBeGreaterThan(200);
  },
);
