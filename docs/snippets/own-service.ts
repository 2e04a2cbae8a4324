// #region chain
import { Cluster, Deployment, LoadBalancer } from "quayside";

export const shop = new Deployment("shop")
  .image("./shop") // its Dockerfile's EXPOSE is the port
  .container({ port: 3000, cpu: 256, memory: 512 })
  .env({ LOG_LEVEL: "info" })
  .secrets({ DATABASE_URL: "ssm:/shop/database-url" }) // a parameter that exists
  .taskRole({
    policies: [
      { Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shop-images/*" } },
    ],
  })
  .cluster(new Cluster("shop-cluster").fargate())
  .behindAlb(new LoadBalancer("shop-alb").http(80), { healthCheck: "/health" })
  .autoscale({ min: 2, max: 10, cpu: 60 });
// #endregion chain

import type { Cloud, CompleteDeployment } from "quayside";
import { TALK_DIRECTORY } from "./support.js";

export default (cloud: Cloud) => operate(shop.image(TALK_DIRECTORY).on(cloud));

async function operate(shop: CompleteDeployment) {
  // #region operate
  const plan = await shop.plan(); // reads only
  console.log(plan.toString()); // also plan.toJSON(), plan.toMermaid()

  const { url } = await shop.deploy();
  const { isHealthy, tasks } = await shop.status();
  console.log(url, isHealthy, tasks);

  const { deleted, kept } = await shop.destroy(); // only what quayside created
  console.log(deleted.length, kept);
  // #endregion operate
}
