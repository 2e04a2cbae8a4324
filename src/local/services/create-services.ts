import type { AwsApi } from "../../aws/api.js";
import type { Account } from "../core/account.js";
import { createAcm } from "./acm/acm.js";
import { createApplicationAutoScaling } from "./application-auto-scaling/application-auto-scaling.js";
import { createAutoScaling } from "./auto-scaling/auto-scaling.js";
import { createCloudWatch } from "./cloudwatch/cloudwatch.js";
import { createEc2 } from "./ec2/ec2.js";
import { createEcr } from "./ecr/ecr.js";
import { createEcs } from "./ecs/ecs.js";
import { createElb } from "./elb/elb.js";
import { createIam } from "./iam/iam.js";
import { createLogs } from "./logs/logs.js";
import { createRoute53 } from "./route53/route53.js";
import { createScheduler } from "./scheduler/scheduler.js";
import { createServiceDiscovery } from "./service-discovery/service-discovery.js";
import { createSsm } from "./ssm.js";
import { createSts } from "./sts.js";
import { createTagging } from "./tagging/tagging.js";
import { createWaf } from "./waf/waf.js";

/**
 * Creates every service of one account. Call it once per account, because the services register their
 * listeners.
 */
export const createServices = (account: Account): AwsApi => {
  const ecs = createEcs(account);
  return {
    ec2: createEc2(account),
    autoScaling: createAutoScaling(account),
    ecr: createEcr(account),
    ecs,
    scheduler: createScheduler(account, ecs),
    elb: createElb(account),
    applicationAutoScaling: createApplicationAutoScaling(account),
    cloudWatch: createCloudWatch(account),
    iam: createIam(account),
    ssm: createSsm(account),
    logs: createLogs(account),
    tagging: createTagging(account),
    acm: createAcm(account),
    route53: createRoute53(account),
    serviceDiscovery: createServiceDiscovery(account),
    waf: createWaf(account),
    sts: createSts(account),
  };
};
