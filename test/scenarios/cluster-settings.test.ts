import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SpecError} from "../../src/index.js";
import { Cluster, Deployment, type IamOptions } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
});
afterEach(() => cloud.close());

const insightsOf = async () => {
  const { clusters } = await cloud.ports.ecs.describeClusters({ clusters: ["web"], include: ["SETTINGS"] });
  return clusters![0]!.settings!.find(({ name }) => name === "containerInsights")!.value;
};

test("Container Insights are set at the creation, changed in place, and left alone where not described", async () => {
  const web = new Cluster("web").fargate().on(cloud);
  await web.insights("enhanced").deploy();
  expect(await insightsOf()).toBe("enhanced");
  expect((await web.insights("enhanced").plan()).isEmpty).toBe(true);
  expect((await web.plan()).isEmpty).toBe(true);
  const { changes } = await web.insights("disabled").plan();
  expect(changes.flatMap(({ fields }) => fields)).toEqual([
    { path: "insights", before: "enhanced", after: "disabled" },
  ]);
  await web.insights("disabled").deploy();
  expect(await insightsOf()).toBe("disabled");
});

test("another level of Container Insights is a SpecError", async () => {
  const error = await new Cluster("web")
    .insights("full" as never)
    .on(cloud)
    .plan()
    .catch((thrown: unknown) => thrown as SpecError);
  expect((error as SpecError).issues).toEqual([
    { path: "cluster.insights", message: 'must be "enhanced", "enabled" or "disabled"; got "full"' },
  ]);
});

describe("iam()", () => {
  const boundary = "arn:aws:iam::123456789012:policy/team";
  const iam = { permissionsBoundary: boundary, path: "/teams/talks/" };
  const talk = (options?: IamOptions) => {
    const cluster = new Cluster("web").ec2();
    const chain = new Deployment("talk")
      .image("talk:1")
      .secrets({ KEY: "ssm:/key" })
      .cluster(options === undefined ? cluster : cluster.iam(options))
      .on(cloud);
    return options === undefined ? chain : chain.iam(options);
  };
  const roles = () =>
    [...cloud.account.iam.roles.values()]
      .filter(({ path }) => path.includes("quayside"))
      .map(({ path, permissionsBoundary }) => [path, permissionsBoundary]);

  test("gives every role the permissions boundary and the path, and a destroy finds them there", async () => {
    await talk(iam).deploy();
    expect(roles().sort()).toEqual([
      ["/teams/talks/quayside/eu-west-1/cluster/web/", boundary],
      ["/teams/talks/quayside/eu-west-1/deployment/talk/", boundary],
    ]);
    expect((await talk(iam).plan()).isEmpty).toBe(true);
    await talk(iam).destroy();
    expect(roles()).toEqual([]);
  });

  test("gives roles that exist the boundary; they keep their path", async () => {
    await talk().deploy();
    await talk(iam).deploy();
    expect(roles().map(([path, has]) => [path!.startsWith("/quayside/"), has])).toEqual([
      [true, boundary],
      [true, boundary],
    ]);
    expect((await talk(iam).plan()).isEmpty).toBe(true);
  });

  test("refuses what is no ARN and no path", async () => {
    const error = await talk({ permissionsBoundary: "team", path: "teams" })
      .plan()
      .catch((thrown: unknown) => thrown as SpecError);
    expect((error as SpecError).issues.map(({ path }) => path).sort()).toEqual([
      "cluster.iam.path",
      "cluster.iam.permissionsBoundary",
      "iam.path",
      "iam.permissionsBoundary",
    ]);
  });
});
