import type { Cloud, CompleteDeployment } from "../../src/index.js";
import { Cluster, Deployment, LoadBalancer } from "../../src/index.js";

export const IMAGE = "registry.example.com/talk-service:1";

export const conferenceEc2 = {
  instanceType: "t3.micro",
  securityGroup: "conferenceEcsSecurityGroup",
  instanceRole: "ecsInstanceRole",
};
export const conferenceCluster = new Cluster("conference-cluster").ec2(conferenceEc2);
export const conferenceAlb = new LoadBalancer("conferenceAlb")
  .http(80)
  .securityGroup("conferenceAlbSecurityGroup");
export const talkRoute = { path: "/talk*", healthCheck: "/health", targetGroup: "talkServiceTargetGroup" };
export const talkLogs = { streamPrefix: "aws-talk-service-cloudwatch", retention: "30d" };

/** The tutorial's chain, with a registry image and without scaling. */
export const talkService = (cloud: Cloud, image = IMAGE): CompleteDeployment =>
  talkWithoutRoute(cloud, image).behindAlb(conferenceAlb, talkRoute);

export const talkWithoutRoute = (cloud: Cloud, image = IMAGE): CompleteDeployment =>
  new Deployment("talk-service")
    .image(image)
    .container({ name: "web", port: 8080, cpu: 128, memoryReservation: 128 })
    .service({ name: "talk-service-ecs", desired: 2 })
    .cluster(conferenceCluster)
    .logs("talk-service-cloudwatch", talkLogs)
    .on(cloud);

/** The tutorial's second service, on the same cluster and behind the same load balancer. */
export const speakerService = (cloud: Cloud): CompleteDeployment =>
  new Deployment("speaker-service")
    .image("registry.example.com/speaker-service:1")
    .container({ port: 8080, cpu: 128, memoryReservation: 128 })
    .cluster(conferenceCluster)
    .behindAlb(conferenceAlb, { path: "/speaker*", healthCheck: "/health" })
    .on(cloud);

/** The same service on Fargate. */
export const talkOnFargate = (cloud: Cloud, image = IMAGE): CompleteDeployment =>
  new Deployment("talk-service")
    .image(image)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference-cluster").fargate())
    .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health" })
    .secrets({ DATABASE_URL: "ssm:/talk/database-url" })
    .on(cloud);
