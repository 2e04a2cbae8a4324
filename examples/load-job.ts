/*
 * A distributed load generator: the tasks of a job put load on the URL of a deployment, both on the local cloud.
 *
 *   npm run example:load-job                            4 tasks for 3 seconds
 *   npm run example:load-job -- --tasks 8 --seconds 10
 *
 * On AWS, with `.on(aws())` instead of `.on(cloud)`, the tasks run on the cluster's instances, or on Fargate.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Cluster, Deployment, Job, LoadBalancer, QuaysideError } from "quayside";
import { localCloud } from "quayside/local";

const { values: flags } = parseArgs({
  options: {
    tasks: { type: "string", default: "4" },
    seconds: { type: "string", default: "3" },
  },
});
const directory = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const cloud = localCloud({ timeScale: 100 });
const cluster = new Cluster("conference-cluster").ec2({ instanceType: "t3.small" });

const talk = new Deployment("talk-service")
  .image(directory("talk-service"))
  .container({ cpu: 128, memoryReservation: 128 })
  .service({ desired: 2 })
  .cluster(cluster)
  .behindAlb(new LoadBalancer("conferenceAlb").http(80), { path: "/talk*", healthCheck: "/health" })
  .on(cloud);

const load = new Job("load")
  .image(directory("load"))
  .container({ cpu: 128, memoryReservation: 128 })
  .cluster(cluster)
  .on(cloud);

try {
  const { url } = await talk.deploy();
  console.log(`talk-service answers at ${url}`);

  const count = Number(flags.tasks);
  console.log(`${count} tasks send requests to it for ${flags.seconds} s …\n`);
  const { tasks } = await load.run({ count, environment: { TARGET: url!, SECONDS: flags.seconds } });

  let answered = 0;
  let failed = 0;
  console.log(row("task", "answered", "failed", "p50", "p99"));
  for (const { task, exitCode, reason, logs } of tasks) {
    if (exitCode !== 0) {
      process.exitCode = 1;
      console.log(`${task.slice(0, 8)}  failed: ${reason}`, ...logs);
      continue;
    }
    const found = JSON.parse(logs.at(-1)!) as Record<"answered" | "failed" | "p50" | "p99", number>;
    answered += found.answered;
    failed += found.failed;
    console.log(row(task.slice(0, 8), found.answered, found.failed, `${found.p50} ms`, `${found.p99} ms`));
  }
  console.log(`\n${answered} requests were answered, ${failed} failed.`);

  await load.destroy({ images: true });
  await talk.destroy({ images: true });
  const { clusters, loadBalancers, repositories } = cloud.state();
  const remaining = Object.keys({ ...clusters, ...loadBalancers, ...repositories });
  console.log(`Both were deleted; remaining: ${remaining.length}`);
} catch (error) {
  process.exitCode = 1;
  console.error(
    error instanceof QuaysideError ? `✗ ${error.message}\n  ${error.fix ?? ""}\n  ${error.docs}` : error,
  );
} finally {
  await cloud.close();
}

function row(task: string, ...numbers: (string | number)[]): string {
  return task.padEnd(8) + numbers.map((each) => String(each).padStart(11)).join("");
}
