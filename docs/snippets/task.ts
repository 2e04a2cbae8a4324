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

// #region more
const sized = talk
  .container({
    ports: [{ port: 9090, name: "metrics" }],
    mounts: { "/uploads": "uploads", "/cache": { volume: "cache", readOnly: true } },
    ulimits: { nofile: 65_536 },
    environmentFiles: ["arn:aws:s3:::config/talk.env"],
  })
  .task({ cpu: 512, memory: 1024, networkMode: "awsvpc", architecture: "arm64" })
  .volume("uploads", { efs: "fs-0123456789abcdef0", accessPoint: "fsap-0123456789abcdef0", iam: true })
  .volume("cache") // empty, as long as the task
  .logs({
    driver: "awsfirelens",
    options: { Name: "datadog" },
    secretOptions: { apikey: "ssm:/datadog/api-key" },
    router: { type: "fluentbit" },
  });
// #endregion more

// #region from
const json = {
  family: "talk-service", // as `aws ecs describe-task-definition` or your own file has it
  containerDefinitions: [
    {
      name: "web",
      image: "registry.example.com/talk-service:2",
      memory: 256,
      portMappings: [{ containerPort: 8080 }],
    },
  ],
};
const described = Deployment.fromTaskDefinition(json).cluster("conference-cluster");
// #endregion from

import type { Cloud } from "quayside";

export default async (cloud: Cloud) => {
  await talk.on(cloud).deploy();
  await described.on(cloud).plan();
  return sized.toJSON();
};
