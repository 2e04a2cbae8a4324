import { aws, Cluster, Deployment, LoadBalancer, terminalReporter } from "/work/main/src/index.js";
import { Agent } from "/work/main/test/moto/agent.js"; import { rawClients } from "/work/main/test/moto/raw-clients.js";
const endpoint = process.env.EP!;
const cloud = aws({ region: "eu-west-1", endpoint, credentials: { accessKeyId: "a", secretAccessKey: "b" } });
const cluster = new Cluster("conference-cluster").ec2({ instanceType: "t2.micro", securityGroup: "conferenceEcsSecurityGroup", instanceRole: "ecsInstanceRole" });
const alb = new LoadBalancer("conferenceAlb").http(80).securityGroup("conferenceAlbSecurityGroup");
const talk = new Deployment("talk-service").image("talk-service:1").container({ name: "web", port: 8080, cpu: 128, memoryReservation: 128 })
  .service({ name: "talk-service-ecs", desired: 2 }).cluster(cluster).behindAlb(alb, { path: "/talk*", healthCheck: "/health", targetGroup: "talkServiceTargetGroup" })
  .logs("talk-service-cloudwatch", { streamPrefix: "aws-talk-service-cloudwatch", retention: "30d" }).on(cloud);
const what = process.argv[2];
const agent = what === "deploy" ? new Agent(rawClients({ region: "eu-west-1", endpoint, credentials: { accessKeyId: "a", secretAccessKey: "b" } } as any)) : undefined;
const onEvent = (e: any) => console.log(JSON.stringify(e));
if (what === "deploy") console.log(await talk.deploy({ onEvent }));
if (what === "plan") console.log(String(await talk.plan()));
if (what === "destroy") console.log(await talk.destroy({ onEvent }));
if (what === "status") console.log(await talk.status());

await agent?.stop();
