// #region many
import { Cluster, Deployment, Fleet, LoadBalancer } from "quayside";

const cluster = new Cluster("conference-cluster").ec2({ instanceType: "t3.small" });
const alb = new LoadBalancer("conferenceAlb").http(80);
const service = (name: string) =>
  new Deployment(name).image(`registry.example.com/${name}:1`).port(8080).cluster(cluster);

const talk = service("talk-service").behindAlb(alb, { path: "/talk*", healthCheck: "/health" });
const speaker = service("speaker-service").behindAlb(alb, { path: "/speaker*", healthCheck: "/health" });
// #endregion many

import type { Cloud, CompleteDeployment } from "quayside";

export default (cloud: Cloud) => deploy(talk.on(cloud), speaker.on(cloud));

async function deploy(talk: CompleteDeployment, speaker: CompleteDeployment) {
  // #region deploy
  const fleet = new Fleet(talk, speaker);
  await fleet.deploy(); // one plan, one run; shared resources are created once
  // #endregion deploy
  // #region settle
  const results = await fleet.deploy({ settle: true }); // one that fails does not stop the others
  // #endregion settle
  await fleet.destroy();
  return results;
}
