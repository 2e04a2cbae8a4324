// #region chain
import { Cluster, Deployment, LoadBalancer, terminalReporter } from "quayside";

const cluster = new Cluster("conference-cluster").ec2({ instanceType: "t3.micro" });
const alb = new LoadBalancer("conferenceAlb").http(80);

const talk = new Deployment("talk-service")
  .image("./talk-service") // a directory with a Dockerfile: built, pushed to ECR, pinned by digest
  .container({ port: 8080, cpu: 128, memoryReservation: 128 })
  .service({ desired: 2 })
  .cluster(cluster)
  .behindAlb(alb, { path: "/talk*", healthCheck: "/health" });
// #endregion chain

import type { Cloud, CompleteDeployment } from "quayside";
import { TALK_DIRECTORY } from "./support.js";

export default (cloud: Cloud) => deploy(talk.image(TALK_DIRECTORY).on(cloud));

async function deploy(talk: CompleteDeployment) {
  // #region deploy

  const { url } = await talk.deploy({ onEvent: terminalReporter() });
  console.log(url); // http://conferenceAlb-….elb.amazonaws.com/talk
  // #endregion deploy
}
