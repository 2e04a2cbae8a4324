import type { Cloud } from "quayside";
// #region chain
import { Cluster, Deployment, LoadBalancer, Network } from "quayside";

const net = new Network("conference").zones(2).nat("one"); // or "each"; or "none": VPC endpoints instead
const cluster = new Cluster("conference-cluster").ec2().network(net);
const alb = new LoadBalancer("conferenceAlb").network(net).http();

const talk = new Deployment("talk-service")
  .image("registry.example.com/talk-service:1")
  .port(8080)
  .cluster(cluster)
  .behindAlb(alb, { path: "/talk*", healthCheck: "/health" });
// #endregion chain

export default async (cloud: Cloud) => {
  await talk.on(cloud).deploy();
  await talk.on(cloud).destroy();
};
