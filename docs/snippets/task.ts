// #region chain
import { Deployment } from "quayside";

const talk = new Deployment("talk-service")
  .image("registry.example.com/talk-service:2")
  .container({ port: 8080, dependsOn: { "db-proxy": "HEALTHY" } })
  .sidecar("db-proxy", {
    image: "registry.example.com/db-proxy:2",
    port: 5432,
    secrets: { DB_PASSWORD: "ssm:/talk-service/db-password" }, // its execution role may read exactly these, also under keys of your own
    healthCheck: "nc -z localhost 5432",
  })
  .taskRole({
    policies: [
      "arn:aws:iam::aws:policy/AmazonSQSFullAccess",
      { Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::slides/*" } },
    ],
  })
  .service({ placement: { strategy: [{ spread: "zone" }, { binpack: "memory" }] } })
  .cluster("conference-cluster");
// #endregion chain

import type { Cloud } from "quayside";

export default async (cloud: Cloud) => {
  await talk.on(cloud).deploy();
};
