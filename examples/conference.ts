/*
 * Deploys the conference's two services, talk and speaker, behind one load balancer on the local cloud: as a
 * fleet, and destroyed one after the other.
 *
 *   npm run example:conference
 */
import { fileURLToPath } from "node:url";
import { Cluster, Deployment, Fleet, LoadBalancer } from "quayside";
import { localCloud } from "quayside/local";

const cwd = fileURLToPath(new URL("./conference-service/", import.meta.url));
const run = (topic: string) => ({ command: ["node", "server.mjs"], cwd, env: { TOPIC: topic } });
const cloud = localCloud({ run: { "talk-service": run("talk"), "speaker-service": run("speaker") } });

const cluster = new Cluster("conference-cluster").ec2({ instanceType: "t3.micro" });
const alb = new LoadBalancer("conferenceAlb").http(80);
const service = (topic: string) =>
  new Deployment(`${topic}-service`)
    .image(`${topic}-service:1`)
    .container({ port: 8080, cpu: 128, memoryReservation: 128 })
    .service({ desired: 1 })
    .cluster(cluster)
    .behindAlb(alb, { path: `/${topic}*`, healthCheck: "/health" })
    .on(cloud);

const talk = service("talk");
const speaker = service("speaker");
const { deployments } = await new Fleet(talk, speaker).deploy();

const address = new URL(deployments[0]!.url!).origin;
const request = async (path: string) => {
  const answer = await fetch(`${address}${path}`);
  console.log(`${path} → ${answer.status} ${(await answer.text()).trim()}`);
};
await request("/talk");
await request("/speaker");
await request("/");

await talk.destroy();
console.log("talk-service was deleted");
await request("/talk");
await request("/speaker");

const { kept } = await speaker.destroy();
const remaining = Object.keys({ ...cloud.state().clusters, ...cloud.state().loadBalancers });
console.log(`speaker-service was deleted; kept: ${kept.length}, remaining: ${remaining.length}`);
await cloud.close();
