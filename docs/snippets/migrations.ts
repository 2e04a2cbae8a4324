// #region chain
import { Deployment } from "quayside";

const talk = new Deployment("talk-service")
  .image("registry.example.com/talk-service:2")
  .port(8080)
  .secrets({ DATABASE_URL: "ssm:/talk/database-url" }) // the migration has them, too
  .cluster("conference-cluster")
  .beforeRelease({ command: ["node", "migrate.mjs"], timeout: "10m" });
// #endregion chain

import type { Cloud } from "quayside";

export default async (cloud: Cloud) => {
  await talk.on(cloud).deploy();
};
