// #region chain
import { Cluster, Deployment } from "quayside";

const cluster = new Cluster("conference-cluster").ec2({ instanceType: "t3.micro" }).autoscale({
  min: 2,
  max: 4,
  steps: [
    { when: "cpu >= 30", for: "60s", add: 2 },
    { when: "cpu <= 10", for: "5m", remove: 1 },
  ],
});

const talk = new Deployment("talk-service")
  .image("registry.example.com/talk-service:1")
  .container({ port: 8080, cpu: 128, memoryReservation: 128 })
  .cluster(cluster)
  .autoscale({
    min: 2,
    max: 6,
    cpu: 50, // per cent: the target that Application Auto Scaling keeps
    schedule: [{ at: "cron(0 8 * * ? *)", timezone: "Europe/Paris", min: 4 }],
  });
// #endregion chain

import type { Cloud, CompleteDeployment } from "quayside";

export default async (cloud: Cloud) => {
  await talk.on(cloud).deploy();
  await watch(talk.on(cloud));
};

async function watch(talk: CompleteDeployment) {
  // #region status
  const { scaling } = await talk.status(); // bounds, policies, alarms, the last activities with their causes
  // #endregion status
  return scaling;
}
