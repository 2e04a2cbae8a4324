import type { AwsPorts } from "../../aws/api.js";
import type { World } from "../core/account.js";
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
import { createScheduler } from "./scheduler/scheduler.js";
import { createSsm } from "./ssm.js";
import { createTagging } from "./tagging.js";

/** Every service of one account. Call it once an account: they listen to each other from then on. */
export const createServices = (world: World): AwsPorts => {
  const ecs = createEcs(world);
  return {
    ec2: createEc2(world),
    autoScaling: createAutoScaling(world),
    ecr: createEcr(world),
    ecs,
    scheduler: createScheduler(world, ecs),
    elb: createElb(world),
    applicationAutoScaling: createApplicationAutoScaling(world),
    cloudWatch: createCloudWatch(world),
    iam: createIam(world),
    ssm: createSsm(world),
    logs: createLogs(world),
    tagging: createTagging(world),
    acm: createAcm(world),
  };
};
