import { Cluster, Deployment, Fleet, LoadBalancer, type Cloud } from "../../src/index.js";

export const conferenceCluster = new Cluster("conference-cluster").ec2({
  instanceType: "t3.micro",
  securityGroup: "conferenceEcsSecurityGroup",
  instanceRole: "ecsInstanceRole",
});

export const conferenceAlb = new LoadBalancer("conferenceAlb")
  .http(80)
  .securityGroup("conferenceAlbSecurityGroup");

/** A service of the conference, at a path of its own: `talk` is talk-service at /talk. */
export const service = (name: string, { version = 1, path = `/${name}*` } = {}) =>
  new Deployment(`${name}-service`)
    .image(`registry.example.com/${name}-service:${version}`)
    .container({ name: "web", port: 8080, cpu: 128, memoryReservation: 128 })
    .service({ desired: 1 })
    .cluster(conferenceCluster)
    .behindAlb(conferenceAlb, { path, healthCheck: "/health" });

/** The tutorial's two services. */
export const conference = (cloud: Cloud) =>
  new Fleet(service("talk").on(cloud), service("speaker").on(cloud));
