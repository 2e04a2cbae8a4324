// #region chain
import { Cluster, Deployment, Fleet } from "quayside";

const cluster = new Cluster("conference-cluster").fargate();
const service = (name: string) =>
  new Deployment(name)
    .image(`registry.example.com/${name}:1`)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(cluster);

const talk = service("talk-service").connect({ namespace: "conference", as: "talk", port: 8080 });
const votes = service("votes").connect({ namespace: "conference", as: "votes", port: 9090 });
const front = service("front").connect({ namespace: "conference" }); // a client only

const fleet = new Fleet(front, talk, votes); // front calls http://talk:8080, and talk calls http://votes:9090
// #endregion chain

// #region tls
const encrypted = service("talk-service").connect({
  namespace: "conference",
  as: "talk",
  port: 8080,
  tls: {
    certificateAuthority:
      "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/12345678-1234-1234-1234-123456789012",
  },
});
// #endregion tls

// #region blue-green
const released = talk.blueGreen({ shift: [10, 100], every: "5m", alarms: ["talk-5xx"] });
// #endregion blue-green

// #region dns
const catalog = new Deployment("catalog")
  .image("registry.example.com/catalog:1")
  .container({ port: 3000, cpu: 256, memory: 512 })
  .cluster(cluster)
  .serviceDiscovery({ namespace: "shop.internal", ttl: "10s" }); // http://catalog.shop.internal:3000
// #endregion dns

import { localCloud } from "quayside/local";

const cloud = localCloud({ clock: "virtual" });

export default async () => {
  await fleet.on(cloud).deploy();
  await encrypted.on(cloud).deploy();
  await released.on(cloud).plan();
  await catalog.on(cloud).deploy();
  await catalog.on(cloud).destroy();
  await fleet.on(cloud).destroy();
  return cloud.state().namespaces.length;
};
