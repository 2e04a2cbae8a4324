// #region chain
import { Deployment } from "quayside";

const talk = new Deployment("talk-service")
  .image("registry.example.com/talk-service:2")
  .port(8080)
  .cluster("conference-cluster")
  .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health" })
  .blueGreen({
    shift: [10, 50, 100], // per cent of the traffic on the new version
    every: "5m", // how long each step is watched
    verify: async ({ fetch }) => {
      if (!(await fetch("/talk")).ok) throw new Error("/talk does not answer");
    },
    alarms: ["talk-5xx"],
    keepOld: "3d",
  });
// #endregion chain

import type { Cloud, CompleteDeployment } from "quayside";

export default async (cloud: Cloud) => {
  const simulated = { shift: [10, 50, 100], every: "5m", keepOld: "3d" };
  await deploy(talk.on(cloud).blueGreen(simulated));
  const next = talk.image("registry.example.com/talk-service:3").on(cloud).blueGreen(simulated);
  await approve(next);
};

async function deploy(talk: CompleteDeployment) {
  // #region deploy
  await talk.deploy(); // the first time on blue; then green comes up, is verified, and gets the traffic
  // #endregion deploy
}

async function approve(talk: CompleteDeployment) {
  // #region approve
  await talk.deploy({ hold: true }); // the new version comes up and is verified; no traffic moves

  const release = await talk.release(); // also in another process, days later
  console.log(release.live, release.weights); // blue { blue: 100, green: 0 }
  await release.shift(25); // a quarter of the traffic
  await release.promote(); // all of it
  await release.rollback(); // all traffic back: one call, no task is started
  // #endregion approve
}
