import { afterEach, expect, it } from "vitest";
import { refusal, runningCloud, type RunningCloud } from "../running-cloud.js";

let running: RunningCloud;
afterEach(() => running.cloud.close());

const isHealthy = async () => {
  const { TargetHealthDescriptions = [] } = await running.elb.describeTargetHealth({
    TargetGroupArn: running.targetGroupArn,
  });
  return (
    TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === "healthy").length === 2
  );
};
const ofOwnGroup = { IpProtocol: "tcp", FromPort: 1, ToPort: 65535 };
const close = () =>
  running.cloud.ports.ec2.revokeSecurityGroupIngress({
    GroupId: running.groupId,
    IpPermissions: [{ ...ofOwnGroup, UserIdGroupPairs: [{ GroupId: running.groupId }] }],
  });
const open = (CidrIp: string) =>
  running.cloud.ports.ec2.authorizeSecurityGroupIngress({
    GroupId: running.groupId,
    IpPermissions: [{ ...ofOwnGroup, IpRanges: [{ CidrIp }] }],
  });

it.each(["instance", "ip"] as const)(
  "a target of type %s is unhealthy while no rule lets the load balancer in, by its group or by its addresses",
  async (targetType) => {
    running = await runningCloud({ targetType });
    await running.registerInstances(2);
    const isIp = targetType === "ip";
    await running.registerWeb(
      isIp ? { networkMode: "awsvpc", requiresCompatibilities: ["FARGATE"], cpu: "256", memory: "512" } : {},
    );
    const awsvpcConfiguration = {
      subnets: running.subnetIds,
      securityGroups: [running.groupId],
      assignPublicIp: "ENABLED" as const,
    };
    await running.createWeb(
      isIp ? { launchType: "FARGATE", networkConfiguration: { awsvpcConfiguration } } : {},
    );
    await running.until(isHealthy);

    await close();
    await running.until(async () => {
      const { events = [] } = await running.describe();
      return events.some(({ message = "" }) => message.includes("due to (reason Request timed out)"));
    });
    await open("192.0.2.0/24");
    await running.cloud.clock.sleep(600_000);
    expect(await isHealthy()).toBe(false);
    await open("172.31.0.0/16");
    await running.until(isHealthy);
  },
);

it("a target group of another VPC than the load balancer's is refused by its listeners", async () => {
  running = await runningCloud({ vpcs: [{ default: true }, { zones: [] }] });
  const { ec2 } = running.cloud.account;
  const VpcId = [...ec2.vpcs.keys()].find((id) => id !== running.vpcId)!;
  const { TargetGroups } = await running.elb.createTargetGroup({
    Name: "other",
    Protocol: "HTTP",
    Port: 80,
    VpcId,
  });
  const TargetGroupArn = TargetGroups![0]!.TargetGroupArn!;
  const call = running.elb.createRule({
    ListenerArn: running.listenerArn,
    Priority: 1,
    Conditions: [{ Field: "path-pattern", Values: ["/*"] }],
    Actions: [{ Type: "forward", TargetGroupArn }],
  });
  expect(await refusal(call)).toBe(
    `InvalidConfigurationRequest: Target group '${TargetGroupArn}' is in a different VPC than load balancer '${running.loadBalancerArn}'`,
  );
});
