// #region chain
import { Cluster, Deployment, NetworkLoadBalancer } from "quayside";

const nlb = new NetworkLoadBalancer("conferenceNlb")
  .tcp(5432)
  .tls(6380, { certificate: "cache.example.com" });
const cluster = new Cluster("conference-cluster").fargate();
const store = new Deployment("talk-store")
  .image("registry.example.com/talk-store:1")
  .container({ port: 5432, cpu: 256, memory: 512 })
  .cluster(cluster)
  .behindNlb(nlb, { port: 5432 });
const cache = new Deployment("talk-cache")
  .image("registry.example.com/talk-cache:1")
  .container({ port: 6379, cpu: 256, memory: 512 })
  .cluster(cluster)
  .behindNlb(nlb, { listener: 6380, port: 6379 }); // TLS outside, TCP inside
// #endregion chain

// #region blue-green
const released = new Deployment("talk-queue")
  .image("registry.example.com/talk-queue:2")
  .container({ port: 5672, cpu: 256, memory: 512 })
  .cluster(cluster)
  .behindNlb(new NetworkLoadBalancer("queuesNlb").tcp(5672))
  .blueGreen({ shift: [10, 100], every: "5m", alarms: ["queue-errors"] }); // 10 % of the connections for 15 minutes
// #endregion blue-green

// #region udp
const names = new Deployment("names")
  .image("registry.example.com/names:1")
  .container({ port: 8080, ports: [{ port: 53, protocol: "udp" }], cpu: 256, memory: 512 })
  .cluster(cluster)
  .behindNlb(new NetworkLoadBalancer("namesNlb").udp(53), {
    healthCheck: { path: "/health", port: 8080 }, // what is sent over UDP is not checked
  });
// #endregion udp

// #region addresses
const fixed = new NetworkLoadBalancer("conferenceNlb")
  .tcp(5432)
  .network({ vpc: "main", subnets: ["subnet-0aaaaaaaaaaaaaaa1", "subnet-0aaaaaaaaaaaaaaa2"] })
  .addresses("eipalloc-0123456789abcdef0", "eipalloc-0123456789abcdef1") // one for each subnet
  .allow("203.0.113.0/24")
  .attributes({ crossZone: true, deletionProtection: true });
// #endregion addresses

import { localCloud } from "quayside/local";

export default async () => {
  const cloud = localCloud({ clock: "virtual", certificates: [{ domain: "cache.example.com" }] });
  await store.on(cloud).deploy();
  await cache.on(cloud).deploy();
  await names.on(cloud).deploy();
  await cloud.ports.cloudWatch.putMetricAlarm({
    AlarmName: "queue-errors",
    Namespace: "queues",
    MetricName: "errors",
    Statistic: "Sum",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: "GreaterThanOrEqualToThreshold",
  });
  await released.on(cloud).deploy();
  new Deployment("other")
    .image("registry.example.com/talk-store:1")
    .port(5432)
    .cluster(cluster)
    .behindNlb(fixed);
};
