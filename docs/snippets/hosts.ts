// #region chain
import { Cluster } from "quayside";

const cluster = new Cluster("conference-cluster")
  .ec2({
    instanceType: "t3.small",
    spot: true, // spare capacity at a lower price; AWS may take an instance back with two minutes' notice
    keyPair: { name: "conference-key", createTo: "./conference-key.pem" },
  })
  .autoscale({ min: 2, max: 6, targetCapacity: 90 }); // ECS managed scaling: without `steps`
const serverless = new Cluster("reports").fargate({ spot: true });
// #endregion chain

import type { Cloud } from "quayside";

export default async (cloud: Cloud) => {
  const plans = [cluster, serverless].map((each) => each.on(cloud).plan());
  return (await Promise.all(plans)).map(String);
};
