import { afterEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, type QuaysideError } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { writesOf } from "./account.js";
import { pushOpaqueImage } from "./opaque-image.js";

let cloud: LocalCloud;
afterEach(() => cloud.close());

const ALL = ["ecs", "ecs-agent", "ecs-telemetry", "ecr.api", "ecr.dkr", "logs", "s3"];

/** An account with one VPC, whose subnets all have that way out. */
const vpcWith = (egress: "internet" | "nat" | "none", endpoints: readonly string[] = []): LocalCloud =>
  localCloud({
    clock: "virtual",
    vpcs: [{ tags: { Name: "main" }, endpoints, subnets: ["a", "b"].map((zone) => ({ zone, egress })) }],
  });
const inMain = (cluster: Cluster) => cluster.network({ vpc: "main" });
const talk = (cluster: Cluster, image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/talk:1") =>
  new Deployment("talk").image(image).port(8080).cluster(inMain(cluster)).on(cloud);

async function refusal(deployment: ReturnType<typeof talk>): Promise<QuaysideError> {
  let error: unknown;
  const writes = await writesOf(cloud, () =>
    deployment.deploy().catch((thrown: unknown) => void (error = thrown)),
  );
  expect(writes).toEqual([]);
  return error as QuaysideError;
}
const withoutIds = (text = "") => text.replaceAll(/subnet-[0-9a-f]{17}/g, "subnet");

describe("instances in public subnets that assign no public addresses", () => {
  test("ask for one, and register", async () => {
    cloud = vpcWith("internet");
    const deployment = talk(new Cluster("web").ec2(), "talk:1");
    await deployment.deploy();
    expect((await deployment.status()).isHealthy).toBe(true);
    expect((await deployment.plan()).isEmpty).toBe(true);
    const { latest } = cloud.state().launchTemplates["web-instances"]!;
    expect(latest).toMatchObject({ NetworkInterfaces: [{ AssociatePublicIpAddress: true }] });
  });

  test("do so in the default VPC too, where that was switched off", async () => {
    const subnets = ["a", "b"].map((zone) => ({ zone, publicIps: false }));
    cloud = localCloud({ clock: "virtual", vpcs: [{ default: true, subnets }] });
    const deployment = new Deployment("talk").image("talk:1").cluster("web").on(cloud);
    await deployment.deploy();
    expect((await deployment.status()).isHealthy).toBe(true);
  });

  test("of a cluster that a deployment only names are left as their description has them", async () => {
    const subnets = ["a", "b"].map((zone) => ({ zone, publicIps: false }));
    cloud = localCloud({ clock: "virtual", vpcs: [{ default: true, subnets }] });
    await new Cluster("web").ec2().on(cloud).deploy();
    const named = new Deployment("talk").image("talk:1").cluster("web").on(cloud);
    await named.deploy();
    expect((await named.plan()).isEmpty).toBe(true);
  });

  test("have none behind a NAT gateway", async () => {
    cloud = vpcWith("nat");
    await talk(new Cluster("web").ec2(), "talk:1").deploy();
    const { latest } = cloud.state().launchTemplates["web-instances"]!;
    expect(latest).not.toHaveProperty("NetworkInterfaces");
  });
});

describe("subnets without a way out are refused before anything is changed", () => {
  test("for instances, with the endpoints that the VPC lacks", async () => {
    cloud = vpcWith("none", ["ecr.api", "ecr.dkr", "s3", "logs", "ecs"]);
    const { code, message, fix } = await refusal(talk(new Cluster("web").ec2()));
    expect([code, withoutIds(message), fix]).toMatchInlineSnapshot(`
      [
        "no-egress",
        "Nothing was changed: the network of cluster web cannot be used: subnet, subnet have no route out of the VPC, and the VPC has no endpoints for ecs-agent, ecs-telemetry",
        "Use subnets with a route to a NAT gateway or an internet gateway, .network({ subnets }), or create the VPC endpoints com.amazonaws.eu-west-1.ecs-agent, com.amazonaws.eu-west-1.ecs-telemetry (s3 as a gateway endpoint).",
      ]
    `);
  });

  test("for tasks on Fargate, which need fewer endpoints", async () => {
    cloud = vpcWith("none", ["ecr.api"]);
    const { code, message, fix } = await refusal(talk(new Cluster("web").fargate()));
    expect([code, withoutIds(message), fix]).toMatchInlineSnapshot(`
      [
        "no-egress",
        "Nothing was changed: the network of cluster web cannot be used: subnet, subnet have no route out of the VPC, and the VPC has no endpoints for ecr.dkr, logs, s3",
        "Use subnets with a route to a NAT gateway or an internet gateway, .network({ subnets }), or create the VPC endpoints com.amazonaws.eu-west-1.ecr.dkr, com.amazonaws.eu-west-1.logs, com.amazonaws.eu-west-1.s3 (s3 as a gateway endpoint).",
      ]
    `);
  });

  test("for tasks that read secrets, which need an endpoint of the service that keeps them", async () => {
    for (const cluster of [new Cluster("web").ec2(), new Cluster("web").fargate()]) {
      cloud = vpcWith("none", ALL);
      const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf";
      const { code, message } = await refusal(talk(cluster).secrets({ A: "ssm:/talk/a", B: secret }));
      expect(code).toBe("no-egress");
      expect(message).toContain("no endpoints for secretsmanager, ssm");
      await cloud.close();
    }
    cloud = vpcWith("none", [...ALL, "secretsmanager", "ssm"]);
    expect((await talk(new Cluster("web").fargate()).secrets({ A: "ssm:/talk/a" }).plan()).warnings).toEqual(
      [],
    );
  });

  test("for the default VPC, whose internet gateway was removed", async () => {
    const subnets = ["a", "b"].map((zone) => ({ zone, egress: "none" as const }));
    cloud = localCloud({ clock: "virtual", vpcs: [{ default: true, subnets }] });
    for (const cluster of [new Cluster("web").ec2(), new Cluster("web").fargate()])
      expect(
        await refusal(new Deployment("talk").image("talk:1").port(80).cluster(cluster).on(cloud)),
      ).toMatchObject({ code: "no-egress" });
  });
});

describe("subnets without a way out whose VPC has the endpoints", () => {
  test.each([
    ["instances", new Cluster("web").ec2(), ALL],
    ["tasks on Fargate", new Cluster("web").fargate(), ["ecr.api", "ecr.dkr", "logs", "s3"]],
  ] as const)("run %s", async (_, cluster, endpoints) => {
    cloud = vpcWith("none", endpoints);
    await pushOpaqueImage(cloud);
    const deployment = talk(cluster);
    await deployment.deploy();
    expect((await deployment.status()).isHealthy).toBe(true);
    expect((await deployment.plan()).isEmpty).toBe(true);
  });
});

test("a cluster whose subnets have lost their way out can still be destroyed", async () => {
  cloud = vpcWith("nat");
  const deployment = talk(new Cluster("web").ec2(), "talk:1");
  await deployment.deploy();
  for (const { routes } of cloud.account.ec2.routeTables.values()) routes.clear();
  expect((await deployment.destroy()).kept).toEqual([]);
});

test("instances behind a proxy that their user data sets are started in subnets without a route", async () => {
  cloud = vpcWith("none");
  const cluster = new Cluster("web").ec2({
    userData: "echo HTTPS_PROXY=10.0.0.9:3128 >> /etc/ecs/ecs.config",
  });
  expect((await talk(cluster, "talk:1").plan()).isEmpty).toBe(false);
});

describe("instances without public addresses in public subnets", () => {
  const withoutAddresses = () => new Cluster("web").ec2({ publicIp: false });

  test("are refused, with what they need, before anything is changed", async () => {
    cloud = vpcWith("internet");
    const error = await refusal(talk(withoutAddresses(), "talk:1"));
    expect(error.code).toBe("no-egress");
    expect(withoutIds(error.message)).toBe(
      "Nothing was changed: the network of cluster web cannot be used: subnet, subnet have a route to an internet gateway, which serves no instance without a public address, and the VPC has no endpoints for ecs, ecs-agent, ecs-telemetry, ecr.api, ecr.dkr, logs, s3",
    );
    expect(error.fix).toContain("let the instances have public addresses");
  });

  test("register if the VPC has the endpoints, and keep to it", async () => {
    cloud = vpcWith("internet", ALL);
    const cluster = inMain(withoutAddresses()).on(cloud);
    await cluster.deploy();
    expect((await cluster.status()).instances).toBe(2);
    expect((await cluster.plan()).isEmpty).toBe(true);
  });

  test("are Managed Instances, for which ECS asks for none", async () => {
    cloud = vpcWith("internet");
    const error = await refusal(talk(new Cluster("web").managedInstances(), "talk:1"));
    expect(error.code).toBe("no-egress");
    expect(error.message).toContain("serves no instance without a public address");
  });

  test("are none of the Managed Instances in subnets that assign addresses, or behind NAT", async () => {
    cloud = localCloud({ clock: "virtual" });
    await new Deployment("talk")
      .image("talk:1")
      .cluster(new Cluster("web").managedInstances())
      .on(cloud)
      .deploy();
    await cloud.close();
    cloud = vpcWith("nat");
    const behindNat = talk(new Cluster("web").managedInstances(), "talk:1");
    await behindNat.deploy();
    expect((await behindNat.status()).isHealthy).toBe(true);
  });
});
