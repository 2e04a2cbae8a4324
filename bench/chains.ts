import { Cluster, Deployment, LoadBalancer, type Cloud, type CompleteDeployment } from "../src/index.js";

/** What the tables measure: one deployment behind a load balancer, with two tasks that scale. */
const talk = (version: number) =>
  new Deployment("talk").image(`registry.example.com/talk:${version}`).service({ desired: 2 });

const onInstances = (version: number) =>
  talk(version).container({ name: "web", port: 8080, cpu: 128, memoryReservation: 128 });

const plainCluster = new Cluster("conference").ec2({ instanceType: "t3.small" });
const scaledCluster = plainCluster.autoscale({ min: 2, max: 4 });
const autoscale = { min: 2, max: 4, cpu: 60 } as const;
const route = { path: "/talk*", healthCheck: "/health" } as const;

type Chain = (version: number) => CompleteDeployment;

/** Title of a row -> the chain, as its user writes it. */
export const CHAINS: Readonly<Record<string, Chain>> = Object.freeze({
  "EC2, capacity provider, load balancer by its name": (version) =>
    onInstances(version).cluster(scaledCluster).autoscale(autoscale).behindAlb("conference", route),
  "EC2, capacity provider, new LoadBalancer": (version) =>
    onInstances(version)
      .cluster(scaledCluster)
      .autoscale(autoscale)
      .behindAlb(new LoadBalancer("conference").http(80), route),
  EC2: (version) =>
    onInstances(version).cluster(plainCluster).autoscale(autoscale).behindAlb("conference", route),
  Fargate: (version) =>
    talk(version)
      .container({ name: "web", port: 8080, cpu: 256, memory: 512 })
      .cluster(new Cluster("conference").fargate())
      .autoscale(autoscale)
      .behindAlb("conference", route),
});

/** What a row does, in turns. */
export const PHASES = ["first deploy", "plan", "no-op deploy", "update", "destroy"] as const;
export type Phase = (typeof PHASES)[number];

/** A run may take as long as it likes. */
const LONG = { timeout: "200h" } as const;

/** Does one phase with the library. */
export async function doPhase(chain: Chain, phase: Phase, cloud: Cloud): Promise<unknown> {
  const at = (version: number) => chain(version).on(cloud);
  if (phase === "plan") return at(1).plan(LONG);
  if (phase === "destroy") return at(2).destroy(LONG);
  return at(phase === "update" ? 2 : 1).deploy(LONG);
}
