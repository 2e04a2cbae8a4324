import type { ClusterAutoscaleOptions } from "../../src/index.js";
import { Cluster, Deployment, LoadBalancer, type AutoscaleOptions, type Cloud } from "../../src/index.js";

/** The tutorial's rules for instances. */
export const TUTORIAL_STEPS: ClusterAutoscaleOptions = {
  min: 2,
  max: 4,
  steps: [
    { when: "cpu >= 30", for: "60s", add: 2 },
    { when: "cpu <= 10", for: "5m", remove: 1 },
  ],
};

/** The tutorial's rules for tasks. */
export const TUTORIAL_TASKS: AutoscaleOptions = { min: 2, max: 6, cpu: 50 };

/** The tutorial's chain, with the scaling that is given. */
export function scaledTalk(
  cloud: Cloud,
  {
    instances = TUTORIAL_STEPS,
    tasks = TUTORIAL_TASKS,
    image = "registry.example.com/talk-service:1",
    targetGroup = "talkServiceTargetGroup",
  }: {
    readonly instances?: ClusterAutoscaleOptions | undefined | "none";
    readonly tasks?: AutoscaleOptions | undefined | "none";
    readonly image?: string;
    readonly targetGroup?: string;
  } = {},
) {
  const plain = new Cluster("conference-cluster").ec2({
    // The tutorial's own type: its alarms' thresholds are for one vCPU. Accounts on the free plan may not start it.
    instanceType: "t2.micro",
    securityGroup: "conferenceEcsSecurityGroup",
    instanceRole: "ecsInstanceRole",
  });
  const cluster = instances === "none" ? plain : plain.autoscale(instances);
  const alb = new LoadBalancer("conferenceAlb").http(80).securityGroup("conferenceAlbSecurityGroup");
  const talk = new Deployment("talk-service")
    .image(image)
    .container({ name: "web", port: 8080, cpu: 128, memoryReservation: 128 })
    .service({ name: "talk-service-ecs" })
    .cluster(cluster)
    .behindAlb(alb, { path: "/talk*", healthCheck: "/health", targetGroup })
    .on(cloud);
  return tasks === "none" ? talk : talk.autoscale(tasks);
}
