import { AutoScaling } from "@aws-sdk/client-auto-scaling";
import { EC2 } from "@aws-sdk/client-ec2";
import { ECS } from "@aws-sdk/client-ecs";
import type { LocalCloud } from "../../../src/local/index.js";
import { clientOptions } from "./served.js";

/** The ECS-optimized AMI of today. */
export const imageOf = async (cloud: LocalCloud): Promise<string> => {
  const Name = "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id";
  return (await cloud.ports.ssm.getParameter({ Name })).Parameter!.Value!;
};

interface HostsOptions {
  /** The number of instances of an Auto Scaling group, `hosts`. @defaultValue one instance without a group */
  readonly group?: number;
  readonly zones?: string[];
}

/** The cluster `main` with instances that have registered. */
export async function hosts(cloud: LocalCloud, url: string, { group, zones }: HostsOptions = {}) {
  const options = clientOptions(url);
  const [ec2, ecs, autoScaling] = [new EC2(options), new ECS(options), new AutoScaling(options)];
  const { iam } = cloud.ports;
  const Statement = {
    Effect: "Allow",
    Principal: { Service: "ec2.amazonaws.com" },
    Action: "sts:AssumeRole",
  };
  await iam.createRole({
    RoleName: "host",
    AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [Statement] }),
  });
  await iam.attachRolePolicy({
    RoleName: "host",
    PolicyArn: "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role",
  });
  await iam.createInstanceProfile({ InstanceProfileName: "host" });
  await iam.addRoleToInstanceProfile({ InstanceProfileName: "host", RoleName: "host" });
  await ecs.createCluster({ clusterName: "main" });
  const data = {
    ImageId: await imageOf(cloud),
    InstanceType: "t3.micro" as const,
    IamInstanceProfile: { Name: "host" },
    UserData: Buffer.from("#!/bin/sh\necho ECS_CLUSTER=main >> /etc/ecs/ecs.config\n").toString("base64"),
  };
  let instanceId = "";
  if (group === undefined) {
    const { Instances } = await ec2.runInstances({ ...data, MinCount: 1, MaxCount: 1 });
    instanceId = Instances![0]!.InstanceId!;
  } else {
    await ec2.createLaunchTemplate({ LaunchTemplateName: "host", LaunchTemplateData: data });
    await autoScaling.createAutoScalingGroup({
      AutoScalingGroupName: "hosts",
      LaunchTemplate: { LaunchTemplateName: "host" },
      ...{ MinSize: 0, MaxSize: group + 1, DesiredCapacity: group },
      AvailabilityZones: zones ?? ["eu-west-1a", "eu-west-1b"],
    });
  }
  await cloud.advance("5m");
  return { ec2, ecs, autoScaling, instanceId };
}
