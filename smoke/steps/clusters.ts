import { Cluster, Deployment, type CompleteDeployment } from "../../src/index.js";
import { expect, running, type Env, type Step } from "../step.js";
import { named, TOOLS, WEB } from "./services.js";

const onInstances = (env: Env, name: string, cluster: Cluster): CompleteDeployment =>
  new Deployment(named(env, name))
    .image(WEB)
    .container({ port: 80, cpu: 128, memoryReservation: 128 })
    .service({ desired: 1 })
    .cluster(cluster)
    .tags({ smoke: env.id })
    .on(env.cloud);

const fresh = (env: Env) =>
  onInstances(env, "fresh", new Cluster(named(env, "fresh")).ec2({ instanceType: "t3.small" }))
    .secrets({ SECRET: env.secret })
    .taskRole({ policies: [{ Statement: { Effect: "Allow", Action: "ecs:ListClusters", Resource: "*" } }] })
    .beforeRelease({ command: ["true"] });

export const freshRoles: Step = {
  name: "fresh-roles",
  title: "Instances, a secret, a task role and a migration, all new; destroyed, and at once deployed again",
  shows: "the races of new roles (F2, F3, F9), and those of roles of the same names a minute later",
  minutes: 16,
  dollars: 0.04,
  chains: (env) => [fresh(env)],
  async run(env) {
    await fresh(env).deploy(running(env));
    await fresh(env).destroy(running(env));
    await fresh(env).deploy(running(env));
  },
};

const scaled = (env: Env) =>
  onInstances(
    env,
    "scaled",
    new Cluster(named(env, "scaled")).ec2({ instanceType: "t3.small" }).autoscale({ min: 1, max: 2 }),
  );

export const managedScaling: Step = {
  name: "managed-scaling",
  title: "A cluster with managed scaling is created and destroyed",
  shows: "what DeleteCapacityProvider answers while AWS still detaches the provider (F11)",
  minutes: 9,
  dollars: 0.03,
  chains: (env) => [scaled(env)],
  async run(env) {
    await scaled(env).deploy(running(env));
    await scaled(env).destroy(running(env));
  },
};

const aged = (env: Env, userData: string) =>
  new Cluster(named(env, "aged"))
    .ec2({ instanceType: "t3.small", userData })
    .autoscale({ min: 1, max: 1 })
    .tags({ smoke: env.id })
    .on(env.cloud);

export const refresh: Step = {
  name: "refresh",
  title: "The instance of a cluster is refreshed to other user data",
  shows: "the states and the words of an instance refresh, and how a managed instance is drained",
  minutes: 15,
  dollars: 0.04,
  chains: (env) => [aged(env, "true")],
  async run(env) {
    await aged(env, "true").deploy(running(env));
    await aged(env, "echo refreshed").refresh(running(env));
    const { hosts = [] } = await aged(env, "echo refreshed").status();
    expect(hosts.length === 1 && hosts.every(({ isCurrent }) => isCurrent), "the instance is not current");
  },
};

const managed = (env: Env) =>
  onInstances(env, "managed", new Cluster(named(env, "managed")).managedInstances());

export const managedInstances: Step = {
  name: "managed-instances",
  title: "A service on ECS Managed Instances is created and destroyed",
  shows: "the states of its capacity provider, and how long ECS needs to launch and to terminate instances",
  minutes: 14,
  dollars: 0.06,
  chains: (env) => [managed(env)],
  async run(env) {
    await managed(env).deploy(running(env));
  },
};

const moving = (env: Env, instanceType: string) =>
  new Cluster(named(env, "arch")).ec2({ instanceType }).tags({ smoke: env.id }).on(env.cloud);

export const architecture: Step = {
  name: "architecture",
  title: "A cluster moves from x86_64 to ARM instances",
  shows: "that a new architecture brings its own AMI (F5)",
  minutes: 7,
  dollars: 0.03,
  chains: (env) => [moving(env, "t4g.small")],
  async run(env) {
    await moving(env, "t3.small").deploy(running(env));
    await moving(env, "t4g.small").deploy(running(env));
  },
};

const withoutAddresses = (env: Env) =>
  onInstances(
    env,
    "addresses",
    new Cluster(named(env, "addresses")).ec2({ instanceType: "t3.small" }).network({ vpc: env.vpc }),
  )
    .image(TOOLS)
    .container({ command: ["sleep", "3600"] });

export const noPublicAddresses: Step = {
  name: "addresses",
  title: "Instances in public subnets that assign no public addresses",
  shows: "that the agents register all the same (F7)",
  minutes: 8,
  dollars: 0.03,
  chains: (env) => [withoutAddresses(env)],
  async run(env) {
    await withoutAddresses(env).deploy(running(env));
    const { instances } = await withoutAddresses(env).status(running(env));
    expect(instances > 0, "No instance has registered.");
  },
};
