// #region chain
import { Deployment, Job } from "quayside";

const talk = new Deployment("talk-service")
  .image("123456789012.dkr.ecr.eu-west-1.amazonaws.com/talk-service:2")
  .cluster("conference-cluster")
  .beforeRelease({ command: ["node", "migrate.mjs"] }); // must succeed before the rollout begins
// #endregion chain

import type { Cloud, CompleteDeployment } from "quayside";

export default async (cloud: Cloud) => {
  const image = "registry.example.com/talk-service:2";
  await talk.image(image).on(cloud).deploy();
  await talk.image(image).env({ NEXT: "1" }).on(cloud).deploy();
  await operate(talk.image(image).on(cloud));
  await jobs(cloud);
};

async function operate(talk: CompleteDeployment) {
  // #region operate
  for await (const { time, task, message } of talk.tail({ since: "1h", filter: "ERROR" })) {
    console.log(time.toISOString(), task, message); // all tasks, merged by time, stopped ones included
  }
  const { tasks } = await talk.run({ command: ["node", "import.mjs"], count: 2 }); // exit code, reason, last lines of each
  const releases = await talk.history(); // image, time, principal and state of each release
  await talk.rollback(); // to the previous release; rollback({ to: releases[1]!.id }) to that one
  // #endregion operate
  return { tasks, releases };
}

async function jobs(cloud: Cloud) {
  // #region jobs
  const report = new Job("nightly-report")
    .image("registry.example.com/report:7")
    .cluster("conference-cluster")
    .schedule("cron(0 3 * * ? *)", { timezone: "Europe/Paris" });
  const load = new Job("load") // a load generator: many tasks against a service's URL
    .image("registry.example.com/load:1")
    .container({ memoryReservation: 64 })
    .cluster("conference-cluster");
  // #endregion jobs
  await operateJobs(report.on(cloud), load.on(cloud));
}

/** A job with an image and a cluster. */
type CompleteJob = Job<{ image: true; cluster: true }>;

async function operateJobs(report: CompleteJob, load: CompleteJob) {
  // #region run-jobs
  await report.deploy(); // from then on, it runs at three in the morning
  const { tasks } = await load.run({
    count: 4,
    environment: { TARGET: "https://conference.example.com/talk" },
    wait: true,
  });
  console.log(tasks.map(({ exitCode }) => exitCode));
  // #endregion run-jobs
}
