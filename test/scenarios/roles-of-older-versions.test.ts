import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LocalCloud } from "../../src/local/index.js";
import { writesOf } from "./account.js";
import {
  deployFormerly,
  EC2_ROLES,
  iamNames,
  JOB_ROLES,
  report,
  stateOf,
  talk,
  talkInColors,
  twoRegions,
  type Deployable,
  type FormerName,
  type Regions,
} from "./regions.js";

let regions: Regions;
beforeEach(async () => {
  regions = await twoRegions();
});
afterEach(async () => {
  await regions.eu.close();
  await regions.us.close();
});

const NOTHING = /^Plan: nothing to change/;

describe("a deployment of a version without regions", () => {
  test.each<[string, readonly FormerName[], (cloud: LocalCloud) => Deployable]>([
    ["service on EC2", EC2_ROLES, talk],
    ["scheduled job", JOB_ROLES, report],
    ["blue/green service", ["talk-service-execution-role", "talk-service-keep-old"], talkInColors],
  ])("(a %s) keeps its roles: only their tags change", async (_, names, chain) => {
    const { eu } = regions;
    await deployFormerly(eu, names, chain(eu));
    const before = iamNames(eu);

    const plan = await chain(eu).plan();
    const changed = plan.changes.filter(({ action }) => action !== "none");
    expect(changed.map(({ resource, name }) => `${resource} ${name}`).sort()).toEqual(
      names
        .flatMap((name) =>
          name.includes("instance") ? [`iam-role ${name}`, `instance-profile ${name}`] : [`iam-role ${name}`],
        )
        .sort(),
    );
    expect(new Set(changed.flatMap(({ fields }) => fields.map(({ path }) => path)))).toEqual(
      new Set(["tags.quayside:region"]),
    );

    await chain(eu).deploy();
    expect(iamNames(eu)).toEqual(before);
    expect((await chain(eu).plan()).toString()).toMatch(NOTHING);
    await chain(eu).destroy();
    expect(iamNames(eu)).toEqual([]);
  });

  test("can be destroyed without a deploy, with its roles", async () => {
    const { eu } = regions;
    await deployFormerly(eu, EC2_ROLES, talk(eu));

    expect((await talk(eu).destroy()).kept).toEqual([]);

    expect(iamNames(eu)).toEqual([]);
  });

  test("in two regions that share its roles: the first to deploy claims them, the other has its own", async () => {
    const { eu, us } = regions;
    await deployFormerly(eu, EC2_ROLES, talk(eu));
    await deployFormerly(us, EC2_ROLES, talk(us));

    await talk(eu).deploy();
    const claimed = stateOf(eu);
    expect(stateOf(us).services).toEqual(claimed.services);

    await talk(us).deploy();
    expect(stateOf(eu)).toEqual(claimed);
    expect((await talk(us).status()).isHealthy).toBe(true);
    for (const cloud of [eu, us]) expect((await talk(cloud).plan()).toString()).toMatch(NOTHING);

    await talk(eu).destroy();
    expect(iamNames(us).every((name) => name.endsWith("-us-east-1"))).toBe(true);
    expect((await talk(us).plan()).toString()).toMatch(NOTHING);
    await talk(us).destroy();
    expect(iamNames(us)).toEqual([]);
  });

  test("does not lose its roles to a new deployment in another region", async () => {
    const { eu, us } = regions;
    await deployFormerly(eu, EC2_ROLES, talk(eu));
    const before = eu.state();

    await talk(us).deploy();
    await talk(us).destroy();

    expect(eu.state()).toEqual(before);
  });

  test("does not lose its roles to a destroy in the region that shared them", async () => {
    const { eu, us } = regions;
    await deployFormerly(us, EC2_ROLES, talk(us));
    await deployFormerly(eu, EC2_ROLES, talk(eu));
    const before = stateOf(eu);

    const { kept } = await talk(us).destroy();

    expect(kept).toMatchInlineSnapshot(`
      [
        {
          "name": "prod-instance-role",
          "resource": "iam-role",
          "why": "it is still referenced by region eu-west-1, where it was last used",
        },
        {
          "name": "prod-instance-role",
          "resource": "instance-profile",
          "why": "it is still referenced by region eu-west-1, where it was last used",
        },
        {
          "name": "talk-service-execution-role",
          "resource": "iam-role",
          "why": "it is still referenced by region eu-west-1, where it was last used",
        },
        {
          "name": "talk-service-task-role",
          "resource": "iam-role",
          "why": "it is still referenced by region eu-west-1, where it was last used",
        },
      ]
    `);
    expect(stateOf(eu)).toEqual(before);
    expect(await writesOf(us, () => talk(us).destroy())).toEqual([]);
    await talk(eu).deploy();
    await talk(eu).destroy();
    expect(iamNames(eu)).toEqual([]);
  });
});
