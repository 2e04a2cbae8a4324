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

// #region managed
const managed = new Cluster("talks").managedInstances({
  instanceTypes: ["m7g.*", "c7g.*"], // or requirements: { vCpuCount: { min: 2, max: 8 } }
  spot: true,
  scaleInAfter: "10m", // how long an instance may be idle
});
// #endregion managed

// #region mixed
const mixed = new Cluster("batch").ec2({
  instanceTypes: ["t3.small", "t3a.small"],
  spot: { onDemandBase: 1, onDemandPercent: 25 }, // the first, and a quarter of the others
  volume: { size: 50, encrypted: true },
  agent: { ECS_IMAGE_PULL_BEHAVIOR: "prefer-cached" },
  sessionManager: true,
});
// #endregion mixed

import type { Cloud } from "quayside";

const keepCurrent = async (cloud: Cloud) => {
  // #region refresh
  const { hosts = [] } = await cluster.on(cloud).status();
  for (const { id, ami, outdated } of hosts) console.log(id, `AMI of ${ami.age} days`, outdated);
  await cluster.on(cloud).refresh();
  // #endregion refresh
};

export default async (cloud: Cloud) => {
  await keepCurrent(cloud);
  const plans = [cluster, serverless, mixed, managed].map((each) => each.on(cloud).plan());
  return (await Promise.all(plans)).map(String);
};
