import type { Cloud } from "../../src/index.js";
import { Cluster, Deployment, LoadBalancer } from "../../src/index.js";

/** The tutorial's chain, with a registry image and without scaling. */
export function talkService(cloud: Cloud, image = "registry.example.com/talk-service:1") {
  const cluster = new Cluster("conference-cluster").ec2({
    instanceType: "t2.micro",
    securityGroup: "conferenceEcsSecurityGroup",
    instanceRole: "ecsInstanceRole",
  });
  const alb = new LoadBalancer("conferenceAlb").http(80).securityGroup("conferenceAlbSecurityGroup");
  return new Deployment("talk-service")
    .image(image)
    .container({ name: "web", port: 8080, cpu: 128, memoryReservation: 128 })
    .service({ name: "talk-service-ecs", desired: 2 })
    .cluster(cluster)
    .behindAlb(alb, { path: "/talk*", healthCheck: "/health", targetGroup: "talkServiceTargetGroup" })
    .logs("talk-service-cloudwatch", { streamPrefix: "aws-talk-service-cloudwatch", retention: "30d" })
    .on(cloud);
}

/** The same service on Fargate. */
export function talkOnFargate(cloud: Cloud, image = "registry.example.com/talk-service:1") {
  return new Deployment("talk-service")
    .image(image)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health" })
    .secrets({ DATABASE_URL: "ssm:/talk/database-url" })
    .on(cloud);
}
