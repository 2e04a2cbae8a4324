// #region chain
import { Cluster, Deployment, LoadBalancer } from "quayside";

const talk = new Deployment("talk-service")
  .image("registry.example.com/talk-service:1")
  .port(8080)
  .cluster(Cluster.existing("production")) // used as it is: never changed, never deleted
  .behindAlb(LoadBalancer.existing("production"), { path: "/talk*", healthCheck: "/health" });
// #endregion chain

import type { CompleteDeployment } from "quayside";

export default () => talk.toJSON();

export async function adopt(talk: CompleteDeployment) {
  // #region adopt
  const plan = await talk.plan({ adopt: true }); // shows what would be changed
  await talk.deploy({ adopt: true }); // takes over what has the described names, and never deletes it
  // #endregion adopt
  return plan;
}
