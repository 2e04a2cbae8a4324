import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { localCloud, type LocalCloud, type LocalCloudOptions } from "../../src/local/index.js";
import { codeOf } from "./local-services.js";

const clouds: LocalCloud[] = [];
afterEach(async () => {
  await Promise.all(clouds.splice(0).map((cloud) => cloud.close()));
});

function open(options: LocalCloudOptions): LocalCloud {
  const cloud = localCloud(options);
  clouds.push(cloud);
  return cloud;
}

/** A load balancer that answers every request itself. */
async function loadBalancer({ ports, clock, account }: LocalCloud) {
  const { GroupId } = await ports.ec2.createSecurityGroup({ GroupName: "web", Description: "x" });
  await clock.sleep(5_000);
  const { LoadBalancers } = await ports.elb.createLoadBalancer({
    Name: "front",
    Subnets: [...account.ec2.subnets.keys()],
    SecurityGroups: [GroupId!],
  });
  const { LoadBalancerArn, DNSName } = LoadBalancers![0]!;
  await ports.elb.createListener({
    LoadBalancerArn,
    Protocol: "HTTP",
    Port: 8080,
    DefaultActions: [
      {
        Type: "fixed-response",
        FixedResponseConfig: { StatusCode: "418", MessageBody: "teapot", ContentType: "text/plain" },
      },
    ],
  });
  await clock.sleep(200_000);
  return { arn: LoadBalancerArn!, dnsName: DNSName! };
}

describe("on the virtual clock", () => {
  it("the same program takes the same course, in the same time", async () => {
    const course = async (seed: number) => {
      const cloud = open({ clock: "virtual", seed });
      await Promise.all([loadBalancer(cloud), cloud.ports.ecs.createCluster({ clusterName: "c" })]);
      return { calls: cloud.calls, now: cloud.clock.now() };
    };
    const first = await course(3);
    expect(first.calls.length).toBeGreaterThan(3);
    expect(await course(3)).toEqual(first);
    expect(await course(4)).not.toEqual(first);
  });

  it("two accounts with the same content have the same snapshot, whatever their identifiers", async () => {
    const states = [];
    for (const seed of [1, 2]) {
      const cloud = open({ clock: "virtual", seed });
      await loadBalancer(cloud);
      states.push(cloud.state());
    }
    expect(states[0]).toEqual(states[1]);
    expect(states[0]).toMatchObject({
      securityGroups: { web: { vpcId: "default", rules: ["out to 0.0.0.0/0: all"] } },
      listeners: { "front:8080": { protocol: "HTTP" } },
      loadBalancers: { front: { state: "active", securityGroupIds: ["web"] } },
    });
    expect(JSON.stringify(states)).not.toMatch(/(sg|subnet|vpc|eni)-[0-9a-f]{8}/);
  });

  it("a deleted resource is not in the snapshot any more", async () => {
    const cloud = open({ clock: "virtual" });
    const before = cloud.state();
    const { arn } = await loadBalancer(cloud);
    await cloud.ports.elb.deleteLoadBalancer({ LoadBalancerArn: arn });
    await cloud.clock.sleep(200_000);
    const [group] = [...cloud.account.ec2.securityGroups.values()].filter(({ name }) => name === "web");
    await cloud.ports.ec2.deleteSecurityGroup({ GroupId: group!.id });
    expect({ ...cloud.state(), serviceLinkedRoles: [] }).toEqual({ ...before, serviceLinkedRoles: [] });
  });

  it("a load balancer has AWS's address, and nothing answers there", async () => {
    const cloud = open({ clock: "virtual" });
    const { dnsName } = await loadBalancer(cloud);
    expect(cloud.address({ dnsName, protocol: "http", port: 80 })).toBe(`http://${dnsName}`);
    expect(cloud.address({ dnsName, protocol: "http", port: 8080 })).toBe(`http://${dnsName}:8080`);
  });
});

describe("on the real clock", () => {
  it("a load balancer answers on this computer, until the cloud is closed", async () => {
    const cloud = open({ timeScale: 5_000 });
    const { dnsName } = await loadBalancer(cloud);
    const url = cloud.address({ dnsName, protocol: "http", port: 8080 });
    const [group] = [...cloud.account.ec2.securityGroups.values()].filter(({ name }) => name === "web");
    await expect(fetch(url), "no rule lets clients in").rejects.toThrow();
    await cloud.ports.ec2.authorizeSecurityGroupIngress({
      GroupId: group!.id,
      IpPermissions: [
        { IpProtocol: "tcp", FromPort: 8080, ToPort: 8080, IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
      ],
    });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([418, "teapot"]);
    await cloud.close();
    await expect(fetch(url)).rejects.toThrow();
  });

  it("a cloud without deployments does not keep the process alive", async () => {
    const program = `
      import { localCloud } from "./src/local/index.ts";
      const { ports } = localCloud();
      await ports.ecs.createCluster({ clusterName: "c" });
      const { Vpcs } = await ports.ec2.describeVpcs({});
      console.log(Vpcs.length);`;
    const args = ["--import", "tsx", "--input-type=module", "--eval", program];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout).toBe("1\n");
  });
});

it("a closed cloud rejects calls, and can be closed again", async () => {
  const cloud = open({ clock: "virtual" });
  await cloud.close();
  await expect(cloud.ports.ec2.describeVpcs({})).rejects.toThrow("The local cloud is closed.");
  expect(await codeOf(cloud.close())).toBe("no error: undefined");
});
