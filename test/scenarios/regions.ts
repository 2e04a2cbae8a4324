import type { CompleteDeployment, Destroyed, Plan } from "../../src/index.js";
import { Cluster, Deployment, Job, LoadBalancer, NetworkLoadBalancer } from "../../src/index.js";
import {
  localAccount,
  type CloudState,
  type LocalCloud,
  type ResourcesByName,
  type TaggedState,
} from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { talkLogs } from "./tutorial.js";

export interface Regions {
  readonly eu: LocalCloud;
  readonly us: LocalCloud;
}

/** A deployment or a job. */
export interface Deployable {
  deploy(): Promise<unknown>;
  destroy(): Promise<Destroyed>;
  plan(): Promise<Plan>;
}

/** Two regions of one account. */
export async function twoRegions(): Promise<Regions> {
  const account = localAccount();
  const eu = await sharedAccount({ account, region: "eu-west-1" });
  const us = await sharedAccount({ account, region: "us-east-1" });
  return { eu, us };
}

/** Instances that are described without a name for their role, as in the README. */
const prod = new Cluster("prod").ec2({ instanceType: "t3.small" });
const sqs = { Statement: { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: "*" } } as const;

/** The tutorial's chain with each role that a deployment on EC2 can have. */
export const talk = (cloud: LocalCloud): CompleteDeployment =>
  new Deployment("talk-service")
    .image("registry.example.com/talk-service:1")
    .container({ port: 8080, cpu: 128, memoryReservation: 128 })
    .service({ exec: true, desired: 2 })
    .secrets({ DATABASE_URL: "ssm:/talk/database-url" })
    .taskRole({ policies: [sqs] })
    .cluster(prod)
    .logs("talk-service-cloudwatch", talkLogs)
    .behindAlb(new LoadBalancer("prod").http(80), { path: "/talk*", healthCheck: "/health" })
    .on(cloud);

export const report = (cloud: LocalCloud) =>
  new Job("nightly-report")
    .image("registry.example.com/report:1")
    .container({ cpu: 256, memory: 512 })
    .taskRole({ policies: [sqs] })
    .cluster(new Cluster("jobs").fargate())
    .schedule("cron(0 3 * * ? *)")
    .on(cloud);

const storeNlb = new NetworkLoadBalancer("stores").tcp(5432);

export const store = (cloud: LocalCloud): CompleteDeployment =>
  new Deployment("talk-store")
    .image("registry.example.com/store:1")
    .container({ port: 5432, cpu: 256, memory: 512 })
    .secrets({ PASSWORD: "ssm:/store/password" })
    .cluster(new Cluster("stores").fargate())
    .behindNlb(storeNlb)
    .blueGreen()
    .on(cloud);

const doors = new LoadBalancer("doors").http(80).respond({ path: "/health" }, { status: 200, body: "open" });

/** A service whose load balancer answers some requests by itself. */
export const door = (cloud: LocalCloud, moved: string): CompleteDeployment =>
  new Deployment("door-service")
    .image("registry.example.com/door:1")
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("doors").fargate())
    .behindAlb(doors.redirect({ path: "/old" }, { to: moved }), { path: "/door*" })
    .on(cloud);

export const talkInColors = (cloud: LocalCloud): CompleteDeployment =>
  new Deployment("talk-service")
    .image("registry.example.com/talk-service:1")
    .container({ port: 8080, cpu: 256, memory: 512 })
    .secrets({ DATABASE_URL: "ssm:/talk/database-url" })
    .cluster(new Cluster("colors").fargate())
    .behindAlb(new LoadBalancer("colors").http(80), { path: "/talk*", healthCheck: "/health" })
    .blueGreen({ keepOld: "2h" })
    .on(cloud);

/** The state of a region, without what belongs to the other region in IAM, which both show. */
export function stateOf(cloud: LocalCloud): CloudState {
  const state = cloud.state();
  const isOthers = ({ tags }: TaggedState): boolean => {
    const region = tags["quayside:region"];
    return region !== undefined && region !== cloud.account.region;
  };
  const own = <Resource extends TaggedState>(named: ResourcesByName<Resource>) =>
    Object.fromEntries(Object.entries(named).filter(([, value]) => !isOthers(value)));
  return { ...state, roles: own(state.roles), instanceProfiles: own(state.instanceProfiles) };
}

/** The names of an account's roles and instance profiles, without AWS's own and foreign ones. */
export function iamNames(cloud: LocalCloud): string[] {
  const { roles, instanceProfiles } = cloud.state();
  return [...Object.keys(roles), ...Object.keys(instanceProfiles)].filter((name) => name !== "theirRole");
}

/** The roles that versions without regions gave to the chains above. */
const FORMER = {
  "prod-instance-role": ["cluster/prod", "ec2.amazonaws.com"],
  "talk-service-execution-role": ["deployment/talk-service", "ecs-tasks.amazonaws.com"],
  "talk-service-task-role": ["deployment/talk-service", "ecs-tasks.amazonaws.com"],
  "talk-service-keep-old": ["deployment/talk-service", "scheduler.amazonaws.com"],
  "nightly-report-execution-role": ["job/nightly-report", "ecs-tasks.amazonaws.com"],
  "nightly-report-task-role": ["job/nightly-report", "ecs-tasks.amazonaws.com"],
  "nightly-report-schedule-role": ["job/nightly-report", "scheduler.amazonaws.com"],
} as const;

export type FormerName = keyof typeof FORMER;

export const EC2_ROLES: readonly FormerName[] = [
  "prod-instance-role",
  "talk-service-execution-role",
  "talk-service-task-role",
];
export const JOB_ROLES: readonly FormerName[] = [
  "nightly-report-execution-role",
  "nightly-report-task-role",
  "nightly-report-schedule-role",
];

/** Deploys a chain as a version without regions did: names, paths and tags do not contain the region. */
export async function deployFormerly(
  cloud: LocalCloud,
  names: readonly FormerName[],
  chain: { deploy(): Promise<unknown> },
): Promise<void> {
  const { iam } = cloud.account;
  for (const name of names) if (!iam.roles.has(name)) await createFormerRole(cloud, name);
  // Nothing tells yet in which region they are used.
  for (const role of iam.roles.values()) delete role.lastUsed;
  await chain.deploy();
  for (const { tags } of [...iam.roles.values(), ...iam.instanceProfiles.values()])
    tags.delete("quayside:region");
}

async function createFormerRole(cloud: LocalCloud, name: FormerName): Promise<void> {
  const { iam } = cloud.ports;
  const [owner, Service] = FORMER[name];
  const Path = `/quayside/${owner}/`;
  const tagged = (kind: string) => [
    { Key: "quayside:owner", Value: owner },
    { Key: "quayside:kind", Value: kind },
  ];
  await iam.createRole({
    RoleName: name,
    Path,
    AssumeRolePolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
    }),
    Tags: tagged("iam-role"),
  });
  if (!owner.startsWith("cluster/")) return;
  await iam.createInstanceProfile({ InstanceProfileName: name, Path, Tags: tagged("instance-profile") });
  await iam.addRoleToInstanceProfile({ InstanceProfileName: name, RoleName: name });
}
