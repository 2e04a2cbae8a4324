import { connect } from "node:net";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runningCloud, type RunningCloud } from "../running-cloud.js";

const script = fileURLToPath(new URL("../runtime/tcp-echo.mjs", import.meta.url));
const command = ["node", script];

let running: RunningCloud;
let port: number;
let targetGroupArn: string;
beforeEach(async () => {
  running = await runningCloud({
    clock: "real",
    timeScale: 100,
    run: { "web:1": { command, env: { VERSION: "1" } }, "web:2": { command, env: { VERSION: "2" } } },
  });
  const { elb, subnetIds, vpcId } = running;
  const { LoadBalancers } = await elb.createLoadBalancer({
    Name: "tcp",
    Type: "network",
    Subnets: subnetIds,
  });
  const { LoadBalancerArn, DNSName = "" } = LoadBalancers![0]!;
  const { TargetGroups } = await elb.createTargetGroup({
    Name: "tcp",
    Protocol: "TCP",
    Port: 5432,
    VpcId: vpcId,
    HealthCheckIntervalSeconds: 15,
  });
  targetGroupArn = TargetGroups![0]!.TargetGroupArn!;
  await elb.modifyTargetGroupAttributes({
    TargetGroupArn: targetGroupArn,
    Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "60" }],
  });
  await elb.createListener({
    LoadBalancerArn,
    Protocol: "TCP",
    Port: 5432,
    DefaultActions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
  });
  // Without security groups, its nodes' own addresses have to be let in.
  await running.cloud.ports.ec2.authorizeSecurityGroupIngress({
    GroupId: running.groupId,
    IpPermissions: [
      { IpProtocol: "tcp", FromPort: 1, ToPort: 65535, IpRanges: [{ CidrIp: "172.31.0.0/16" }] },
    ],
  });
  await running.cloud.clock.sleep(300_000);
  // Chains do not describe such listeners yet: only the name and the port count.
  const address = running.cloud.address({ dnsName: DNSName, protocol: "http", port: 5432 });
  port = Number(address.replace(/^.*:/, ""));
  await running.registerInstances(2);
  await running.registerWeb();
});
afterEach(() => running.cloud.close());

/** One connection, a line and its answer. */
async function ask(line: string): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port });
  socket.setEncoding("utf8");
  let answer = "";
  socket.on("data", (text: string) => (answer += text));
  socket.end(`${line}\n`);
  await once(socket, "close");
  return answer.trim();
}

it("a network load balancer passes connections on through a rolling update, and loses none", async () => {
  await expect(ask("nobody")).rejects.toThrow();
  await running.createWeb({
    loadBalancers: [{ targetGroupArn, containerName: "web", containerPort: 8080 }],
  });
  expect(await running.rollout()).toMatchObject({ status: "SUCCESSFUL" });
  expect(await ask("hello")).toBe("1 hello");

  // A connection that lasts: it stays with its target while this one drains.
  const lasting = connect({ host: "127.0.0.1", port });
  lasting.setEncoding("utf8");
  lasting.write("first\n");
  expect(String(await once(lasting, "data"))).toBe("1 first\n");

  await running.registerWeb({}, "web:2");
  await running.ecs.updateService({ cluster: "main", service: "web", taskDefinition: "web" });
  const answers: string[] = [];
  let isOver = false;
  const rollout = running.rollout().finally(() => (isOver = true));
  for (let count = 0; !isOver; count++) answers.push(await ask(String(count)));
  expect(await rollout).toMatchObject({ status: "SUCCESSFUL" });
  expect(answers.filter((answer, count) => !["1", "2"].some((one) => answer === `${one} ${count}`))).toEqual(
    [],
  );
  expect(new Set(answers.map((answer) => answer[0]))).toEqual(new Set(["1", "2"]));
  expect(await ask("after")).toBe("2 after");
  lasting.destroy();
});
