// #region cluster
import { Cluster, Deployment, LoadBalancer } from "quayside";

const cluster = new Cluster("conference-cluster").ec2({
  instanceType: "t3.micro",
  securityGroup: "conferenceEcsSecurityGroup",
  instanceRole: "ecsInstanceRole",
});
// #endregion cluster
// #region balancer
const alb = new LoadBalancer("conferenceAlb").http(80).securityGroup("conferenceAlbSecurityGroup");
// #endregion balancer

// #region task
const task = new Deployment("talk-service")
  .image("./talk-service")
  .container({ name: "web", port: 8080, cpu: 128, memoryReservation: 128 });
// #endregion task

// #region service
const talk = task
  .service({ name: "talk-service-ecs", desired: 2 })
  .cluster(cluster)
  .behindAlb(alb, { path: "/talk*", healthCheck: "/health", targetGroup: "talkServiceTargetGroup" });
// #endregion service

// #region scaling
const scaled = talk
  .cluster(
    cluster.autoscale({
      min: 2,
      max: 4,
      steps: [
        { when: "cpu >= 30", for: "60s", add: 2 },
        { when: "cpu <= 10", for: "5m", remove: 1 },
      ],
    }),
  )
  .autoscale({ min: 2, max: 6, cpu: 50 });
// #endregion scaling

// #region logs
const logged = scaled.logs("talk-service-cloudwatch", {
  streamPrefix: "aws-talk-service-cloudwatch",
  retention: "30d",
});
// #endregion logs

// #region blue-green
const green = logged.blueGreen({ keepOld: "3d" });
// #endregion blue-green

import type { Cloud } from "quayside";
import { TALK_DIRECTORY } from "./support.js";

export default async (cloud: Cloud) => {
  for (const step of [talk, scaled, logged, green]) await step.image(TALK_DIRECTORY).on(cloud).deploy();
};
