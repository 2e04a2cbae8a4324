// #region local
import { Deployment } from "quayside";
import { localCloud } from "quayside/local";

const cloud = localCloud();
const talk = new Deployment("talk-service")
  .image("./talk-service")
  .cluster("conference-cluster")
  .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health" });

const { url } = await talk.on(cloud).deploy();
console.log(await (await fetch(url!)).text());
await cloud.close();
// #endregion local
