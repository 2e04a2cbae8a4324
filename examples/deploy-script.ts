/*
 * A deploy script as teams write them: the version from the command line, blue/green, and a check of the new version
 * before it gets any traffic. Its unit tests are in deploy-script.test.ts.
 */
import { Cluster, Deployment, type Cloud, type Deployed } from "quayside";

/** Deploys a version of the talk-service, and returns where it answers. */
export async function deployTalk(version: string, cloud: Cloud): Promise<Deployed> {
  return new Deployment("talk-service")
    .image(`registry.example.com/talk-service:${version}`)
    .port(8080)
    .cluster(new Cluster("conference-cluster").fargate())
    .behindAlb("conferenceAlb", { path: "/talk*", healthCheck: "/health" })
    .autoscale({ min: 2, max: 6, cpu: 50 })
    .blueGreen({
      keepOld: "3d",
      verify: async ({ fetch }) => {
        const response = await fetch("/talk/version");
        const running = await response.text();
        if (running !== version) throw new Error(`/talk/version is "${running}", not "${version}"`);
      },
    })
    .on(cloud)
    .deploy();
}
