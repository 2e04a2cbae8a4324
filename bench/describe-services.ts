/*
 * How many DescribeServices requests a second a listening local cloud answers, with 100 services of 4 tasks each. The
 * cloud is a process of its own, which has one core at most.
 *
 *   npm run bench:listen
 */
import autocannon from "autocannon";
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { localCloud } from "../src/local/index.js";

const SERVICES = 100;

/** A listening cloud that holds the services. */
export async function cloudOfServices(count = SERVICES) {
  const cloud = localCloud({ clock: "virtual", eventualConsistency: false });
  const { url } = await cloud.listen({ port: 0 });
  const { ecs, ec2 } = cloud.ports;
  await ecs.createCluster({ clusterName: "web" });
  const { Subnets = [] } = await ec2.describeSubnets({});
  const subnets = Subnets.map(({ SubnetId }) => SubnetId!);
  await ecs.registerTaskDefinition({
    family: "talk",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    cpu: "256",
    memory: "512",
    containerDefinitions: [{ name: "web", image: "registry.example.com/talk:1" }],
  });
  const names = Array.from({ length: count }, (_, index) => `talk-${index}`);
  for (const serviceName of names) {
    const awsvpcConfiguration = { subnets, assignPublicIp: "ENABLED" as const };
    await ecs.createService({
      ...{ cluster: "web", serviceName, taskDefinition: "talk", desiredCount: 4, launchType: "FARGATE" },
      networkConfiguration: { awsvpcConfiguration },
    });
  }
  await cloud.clock.sleep(5 * 60_000);
  return { cloud, url, names };
}

/** Requests a second, over `seconds`, of one service each. */
export async function measure(url: string, names: readonly string[], seconds: number) {
  const { requests, non2xx } = await autocannon({
    url,
    connections: 10,
    duration: seconds,
    requests: names.map((name) => ({
      method: "POST" as const,
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AmazonEC2ContainerServiceV20141113.DescribeServices",
      },
      body: JSON.stringify({ cluster: "web", services: [name] }),
    })),
  });
  return { perSecond: requests.average, failed: non2xx };
}

if (process.argv[1]?.endsWith("describe-services.ts")) {
  if (process.send !== undefined) {
    const { url, names } = await cloudOfServices();
    process.send({ url, names });
    process.once("disconnect", () => process.exit());
  } else {
    const child = fork(fileURLToPath(import.meta.url), { execArgv: ["--import", "tsx"] });
    const [{ url, names }] = (await once(child, "message")) as [{ url: string; names: string[] }];
    await measure(url, names, 2);
    const { perSecond, failed } = await measure(url, names, 10);
    console.log(`${perSecond.toFixed(0)} DescribeServices a second, ${failed} failed`);
    child.disconnect();
  }
}
