// #region chain
import { Cluster, Deployment, LoadBalancer } from "quayside";

const alb = new LoadBalancer("conferenceAlb")
  .https(443, { redirectHttp: true }) // no certificate named: ACM issues it
  .attributes({ idleTimeout: "2m", dropInvalidHeaders: true });
const talk = new Deployment("talk-service")
  .image("registry.example.com/talk-service:1")
  .port(8080)
  .cluster(new Cluster("conference-cluster").ec2())
  .behindAlb(alb, { domain: "talk.example.com", path: "/talk*", healthCheck: "/health" });
// #endregion chain

// #region conditions
const beta = talk.behindAlb(alb, {
  domain: "talk.example.com",
  path: "/talk*",
  methods: ["GET"],
  headers: { "x-team": "a*" },
  query: { beta: "1" },
});
// #endregion conditions

// #region local
import { localCloud } from "quayside/local";

const cloud = localCloud({ clock: "virtual", hostedZones: ["example.com"] });
// #endregion local

export default async () => {
  const { url } = await talk.on(cloud).deploy(); // https://talk.example.com/talk
  await beta.on(cloud).plan();
  await talk.on(cloud).destroy();
  return url;
};
