import { expect, test } from "vitest";
import type { LocalCloud, RecordedCall } from "../../src/local/index.js";
import { deployFormerly, EC2_ROLES, talk, talkInColors, twoRegions } from "./regions.js";
import { sweep } from "./sweep.js";

/** A region of an account in another region of which the same chain runs already. */
const besides = (chain: typeof talk) => async (): Promise<LocalCloud> => {
  const { eu, us } = await twoRegions();
  await chain(eu).deploy();
  const close = async () => {
    await us.close();
    await eu.close();
  };
  // What is compared at the end includes the other region's roles: IAM shows them everywhere.
  return { ...us, close };
};

const ofIam = ({ service }: RecordedCall): boolean => service === "iam";

test("a first deploy in a second region that meets any fault is finished by the next run", async () => {
  const positions = await sweep({ account: besides(talk), to: talk, only: ofIam, after: "destroy" });
  expect(positions).toMatchInlineSnapshot(`107`);
});

test("a destroy in one of two regions that meets any fault is finished by the next run", async () => {
  const positions = await sweep({
    account: besides(talk),
    from: talk,
    run: (cloud, options) => talk(cloud).destroy(options),
    foreign: "beside",
    only: ofIam,
  });
  expect(positions).toMatchInlineSnapshot(`98`);
});

test("a release in one of two regions that meets any fault is finished by the next run", async () => {
  const positions = await sweep({
    account: besides(talkInColors),
    from: talkInColors,
    to: (cloud) => talkInColors(cloud).image("registry.example.com/talk-service:2"),
    only: ({ service }, nth) => service === "iam" || (service === "scheduler" && nth === 1),
    after: "destroy",
  });
  expect(positions).toMatchInlineSnapshot(`44`);
});

test("a deploy that claims the roles of an older version is finished by the next run", async () => {
  const positions = await sweep({
    account: async () => {
      const { eu } = await twoRegions();
      await deployFormerly(eu, EC2_ROLES, talk(eu));
      return eu;
    },
    to: talk,
    only: ofIam,
  });
  expect(positions).toMatchInlineSnapshot(`64`);
});
