// #region chain
import { Cluster, Deployment, LoadBalancer } from "quayside";

const network = { vpc: "main" }; // the VPC's id, or its Name tag; its subnets are chosen by their routes
const cluster = new Cluster("conference-cluster").ec2().network({ ...network, subnets: { Tier: "private" } });
const inside = new LoadBalancer("conference-internal").internal().network(network).allow("10.0.0.0/8");

const talk = new Deployment("talk-service")
  .image("registry.example.com/talk-service:1")
  .port(8080)
  .cluster(cluster)
  .behindAlb(inside, { path: "/talk*", healthCheck: "/health" });
// #endregion chain

export default () => talk.toJSON();
