// #region chain
import { Cluster, Deployment, LoadBalancer } from "quayside";

const alb = new LoadBalancer("conferenceAlb").https(443, {
  certificate: "conference.example.com", // an ARN, or a domain looked up in ACM; or an array of these
  redirectHttp: true, // also listens on port 80, and redirects
});
const talk = new Deployment("talk-service")
  .image("registry.example.com/talk-service:1")
  .port(8080)
  .cluster(new Cluster("conference-cluster").ec2())
  .behindAlb(alb, { host: "conference.example.com", path: "/talk*", healthCheck: "/health" });
// #endregion chain

// #region answers
const answering = alb
  .redirect({ host: "www.example.com" }, { host: "conference.example.com", status: 301 })
  .redirect({ path: "/old/*" }, { to: "/talk/#{path}?from=old" })
  .respond({ path: "/internal/*" }, { status: 403, body: "not from here" });
// #endregion answers

// #region local
import { localCloud } from "quayside/local";

const withCertificates = () =>
  localCloud({ clock: "virtual", certificates: [{ domain: "conference.example.com" }] });
// #endregion local

export default async () => {
  const cloud = withCertificates();
  await talk.on(cloud).deploy();
  await answering.on(cloud).deploy();
};
