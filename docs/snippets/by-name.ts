// #region by-name
import { Deployment, deployments } from "quayside";

const talk = Deployment.named("talk-service"); // no image, no cluster: what AWS knows serves
// #endregion by-name

import type { Cloud, NamedDeployment } from "quayside";

export default async (cloud: Cloud) => {
  const described = new Deployment("talk-service")
    .image("registry.example.com/talk-service:1")
    .port(8080)
    .cluster("conference-cluster")
    .behindAlb("conferenceAlb", { path: "/talk*" })
    .blueGreen()
    .on(cloud);
  await described.deploy();
  await described.image("registry.example.com/talk-service:2").deploy({ hold: true });
  await approve(talk.on(cloud));
  return (await deployments({ on: cloud })).length;
};

async function approve(talk: NamedDeployment) {
  // #region approve
  const release = await talk.release();
  console.log(String(release)); // who gets the traffic, what is held, since when
  await release.promote();
  // #endregion approve
}
