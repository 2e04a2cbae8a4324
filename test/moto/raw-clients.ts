import { ApplicationAutoScaling } from "@aws-sdk/client-application-auto-scaling";
import { AutoScaling } from "@aws-sdk/client-auto-scaling";
import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { EC2 } from "@aws-sdk/client-ec2";
import { ECR } from "@aws-sdk/client-ecr";
import { ECS } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2 } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAM } from "@aws-sdk/client-iam";
import type { Account } from "./http-cloud.js";

/** AWS's own clients: how the tests look at an account from outside the library. */
export function rawClients({ region, endpoint, credentials }: Account) {
  const config = { region, endpoint, credentials };
  return {
    applicationAutoScaling: new ApplicationAutoScaling(config),
    autoScaling: new AutoScaling(config),
    cloudWatch: new CloudWatch(config),
    ec2: new EC2(config),
    ecr: new ECR(config),
    ecs: new ECS(config),
    elb: new ElasticLoadBalancingV2(config),
    iam: new IAM(config),
    logs: new CloudWatchLogs(config),
  };
}

export type RawClients = ReturnType<typeof rawClients>;
