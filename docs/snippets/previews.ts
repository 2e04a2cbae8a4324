// #region chain
import { Cluster, Deployment, deployments, LoadBalancer, type CompleteDeployment } from "quayside";

export const preview = (pr: string, image: string): CompleteDeployment =>
  new Deployment(`talk-pr-${pr}`)
    .image(image)
    .container({ port: 8080, cpu: 128, memoryReservation: 128 })
    .tags({ pr }) // so that it can be found again
    .cluster(new Cluster("previews").ec2({ instanceType: "t3.small" })) // shared by all previews
    .behindAlb(new LoadBalancer("previews").http(80), { path: `/pr-${pr}*`, healthCheck: "/health" });
// #endregion chain

import type { Cloud } from "quayside";

export default async (cloud: Cloud) => {
  await preview("101", "registry.example.com/talk-service:pr-101").on(cloud).deploy();
  await closed("101", cloud);
  return (await deployments({ on: cloud })).length;
};

async function closed(pr: string, cloud: Cloud) {
  // #region closed
  // The pull request was closed: no image and no chain are needed, what AWS knows serves.
  for (const { name } of await deployments({ on: cloud, tags: { pr } })) {
    await Deployment.named(name).on(cloud).destroy();
  }
  // #endregion closed
}
