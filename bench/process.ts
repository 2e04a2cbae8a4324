/* One phase in a process of its own, as `walls.ts` starts it: the library's, or the floor's. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { AwsApi } from "../src/aws/api.js";
import type { Phase } from "./chains.js";

const [who, phase, settings, file] = process.argv.slice(2) as ["ours" | "floor", Phase, string, string];
const account = JSON.parse(settings) as {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

if (who === "ours") {
  const [{ aws }, { CHAINS, doPhase }, { shortPauses }] = await Promise.all([
    import("../src/index.js"),
    import("./chains.js"),
    import("../test/moto/short-pauses.js"),
  ]);
  await doPhase(CHAINS["EC2"]!, phase, shortPauses(aws(account), 100));
} else {
  const [{ doFloorPhase }, clients] = await Promise.all([
    import("./floor.js"),
    Promise.all([
      import("@aws-sdk/client-ecs"),
      import("@aws-sdk/client-ec2"),
      import("@aws-sdk/client-elastic-load-balancing-v2"),
      import("@aws-sdk/client-auto-scaling"),
      import("@aws-sdk/client-application-auto-scaling"),
      import("@aws-sdk/client-iam"),
      import("@aws-sdk/client-ssm"),
      import("@aws-sdk/client-cloudwatch-logs"),
    ]),
  ]);
  const [ecs, ec2, elb, autoScaling, applicationAutoScaling, iam, ssm, logs] = clients;
  const api = {
    ecs: new ecs.ECS(account),
    ec2: new ec2.EC2(account),
    elb: new elb.ElasticLoadBalancingV2(account),
    autoScaling: new autoScaling.AutoScaling(account),
    applicationAutoScaling: new applicationAutoScaling.ApplicationAutoScaling(account),
    iam: new iam.IAM(account),
    ssm: new ssm.SSM(account),
    logs: new logs.CloudWatchLogs(account),
  } as unknown as AwsApi;
  const memory = existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as Parameters<typeof doFloorPhase>[2])
    : {};
  await doFloorPhase(phase, api, memory, () => new Promise((resolve) => setTimeout(resolve, 100)));
  writeFileSync(file, JSON.stringify(memory));
}
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ cpu: (user + system) / 1e6 }));
process.exit();
