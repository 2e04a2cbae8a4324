import fc from "fast-check";
import {
  Cluster,
  Deployment,
  Fleet,
  Job,
  LoadBalancer,
  NetworkLoadBalancer,
  type Cloud,
  type CompleteDeployment,
  type Destroyed,
  type Plan,
} from "../../src/index.js";

/** How a chain refers to something shared. */
type Claim = "described" | "named" | "existing";

interface ClusterModel {
  readonly claim: Claim;
  readonly capacity: "ec2" | "fargate" | "spot";
  readonly second: boolean;
  readonly vpc: "main" | "other";
  readonly instances: number;
}

interface MemberModel {
  readonly version: number;
  readonly desired: number;
  readonly env: string;
  readonly logs: string;
  readonly path: number;
  readonly sidecar: boolean;
  readonly release: "rolling" | "colors" | "kept";
  readonly scaled: boolean;
  readonly routed: boolean;
  /** The listener of a Network Load Balancer, besides; not with colors. */
  readonly nlb: "none" | "tcp" | "other" | "internal";
  readonly tags: string;
  readonly secret: boolean;
  /** An alarm of others that a release watches. */
  readonly alarm: boolean;
  /** True if a route leads to the sidecar. */
  readonly further: boolean;
  /** In Service Connect. */
  readonly connect: "none" | "client" | "name";
  /** With a DNS name. */
  readonly named: boolean;
  readonly namespace: string;
}

interface BalancerModel {
  readonly claim: Claim;
  readonly second: boolean;
  readonly port: number;
  /** How many answers of its own it has, if it is described. */
  readonly answers: number;
}

interface JobModel {
  readonly schedule: string | undefined;
  readonly version: number;
}

/** What a user does besides deploying, after a deploy. */
export type Verb = "rollback" | "hold and promote" | "hold and retire" | "shift and roll back";

/** What happens on the way to a description. */
interface Course {
  /** The process dies after so many writes, and the deploy is run again. */
  readonly killedAfter: number | undefined;
  readonly verb: Verb | undefined;
}

/** One description of everything. */
export interface Described {
  readonly cluster: ClusterModel;
  readonly balancer: BalancerModel;
  readonly members: readonly [MemberModel, MemberModel];
  readonly job: JobModel;
}

/** What is deployed one after the other, as plain data: a failure prints it. */
export interface RandomRun {
  /** One deployment by itself, a fleet of two, or a deployment and a job. */
  readonly shape: "deployment" | "fleet" | "job";
  readonly first: Described;
  /** What each later deploy changes. */
  readonly changes: readonly Partial<Changes>[];
  /** Of the first deploy, and of each later one. */
  readonly courses: readonly Course[];
}

type Changes = ClusterModel &
  Omit<MemberModel, never> & {
    readonly balancerClaim: Claim;
    readonly secondBalancer: boolean;
    readonly port: number;
    readonly answers: number;
    readonly schedule: string | undefined;
    readonly jobVersion: number;
    readonly member: 0 | 1;
  };

const claim = fc.constantFrom<Claim>("described", "named", "existing");
const clusterFields = {
  claim,
  capacity: fc.constantFrom("fargate", "ec2", "spot"),
  second: fc.boolean(),
  vpc: fc.constantFrom("main", "other"),
  instances: fc.integer({ min: 2, max: 3 }),
} as const;
const memberFields = {
  version: fc.integer({ min: 1, max: 3 }),
  desired: fc.integer({ min: 1, max: 3 }),
  env: fc.constantFrom("", "a", "b"),
  logs: fc.constantFrom("", "other-logs"),
  path: fc.integer({ min: 0, max: 2 }),
  sidecar: fc.boolean(),
  release: fc.constantFrom("rolling", "colors", "kept"),
  scaled: fc.boolean(),
  routed: fc.boolean(),
  nlb: fc.constantFrom("none", "none", "tcp", "other", "internal"),
  further: fc.boolean(),
  tags: fc.constantFrom("", "team-a"),
  secret: fc.boolean(),
  alarm: fc.boolean(),
  connect: fc.constantFrom("none", "client", "name"),
  named: fc.boolean(),
  namespace: fc.constantFrom("shop.internal", "market.internal"),
} as const;
const port = fc.constantFrom(80, 8080);
const answers = fc.integer({ min: 0, max: 2 });
const schedule = fc.constantFrom(undefined, "rate(1 day)", "cron(0 3 * * ? *)");
const version = fc.integer({ min: 1, max: 3 });

const member = fc.record(memberFields) as fc.Arbitrary<MemberModel>;

const course: fc.Arbitrary<Course> = fc.record({
  killedAfter: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined, freq: 2 }),
  verb: fc.option(
    fc.constantFrom<Verb>("rollback", "hold and promote", "hold and retire", "shift and roll back"),
    { nil: undefined, freq: 2 },
  ),
});

export const randomRun: fc.Arbitrary<RandomRun> = fc.record({
  shape: fc.constantFrom("deployment", "fleet", "job"),
  first: fc.record({
    cluster: fc.record(clusterFields) as fc.Arbitrary<ClusterModel>,
    balancer: fc.record({ claim, second: fc.boolean(), port, answers }),
    members: fc.tuple(member, member),
    job: fc.record({ schedule, version }),
  }),
  changes: fc.array(
    fc.record(
      {
        ...clusterFields,
        ...memberFields,
        balancerClaim: claim,
        secondBalancer: fc.boolean(),
        port,
        answers,
        schedule,
        jobVersion: version,
        member: fc.constantFrom(0, 1),
      },
      { requiredKeys: [] },
    ) as fc.Arbitrary<Partial<Changes>>,
    { minLength: 1, maxLength: 2 },
  ),
  courses: fc.array(course, { minLength: 3, maxLength: 3 }),
}) as fc.Arbitrary<RandomRun>;

/** A description with changes; most changes of a random set are kept, so that a run changes several things at once. */
export function changed(described: Described, changes: Partial<Changes>): Described {
  const { cluster, balancer, members, job } = described;
  const pick = <T extends object>(of: T): Partial<T> =>
    Object.fromEntries(Object.entries(changes).filter(([key]) => key in of)) as Partial<T>;
  const [one, other] = members;
  const own = pick(one);
  return {
    cluster: { ...cluster, ...pick(cluster) },
    balancer: {
      claim: changes.balancerClaim ?? balancer.claim,
      second: changes.secondBalancer ?? balancer.second,
      port: changes.port ?? balancer.port,
      answers: changes.answers ?? balancer.answers,
    },
    members: changes.member === 1 ? [one, { ...other, ...own }] : [{ ...one, ...own }, other],
    job: {
      schedule: "schedule" in changes ? changes.schedule : job.schedule,
      version: changes.jobVersion ?? job.version,
    },
  };
}

/** What is deployed together. */
export interface Chains {
  readonly talk: CompleteDeployment;
  plan(): Promise<readonly Plan[]>;
  deploy(): Promise<void>;
  destroy(): Promise<readonly Destroyed[]>;
}

export function chainsOf(shape: RandomRun["shape"], described: Described, cloud: Cloud): Chains {
  const [one, other] = described.members;
  const talk = deployment("talk", one, described).on(cloud);
  if (shape === "deployment") return chains(talk, talk);
  if (shape === "fleet")
    return chains(talk, new Fleet(talk, deployment("speaker", other, described).on(cloud)));
  const { schedule: expression, version: number } = described.job;
  const job = new Job("report").image(`report:${number}`).container(sizeOn(described.cluster));
  const scheduled = expression === undefined ? job : job.schedule(expression);
  return chains(talk, talk, scheduled.cluster(clusterOf(described.cluster)).on(cloud));
}

interface Deployable {
  plan(): Promise<Plan>;
  deploy(): Promise<unknown>;
  destroy(): Promise<Destroyed>;
}

const chains = (talk: CompleteDeployment, ...all: readonly Deployable[]): Chains => ({
  talk,
  plan: () => Promise.all(all.map((each) => each.plan())),
  deploy: async () => {
    for (const each of all) await each.deploy();
  },
  destroy: async () => {
    const ends: Destroyed[] = [];
    for (const each of all) ends.push(await each.destroy());
    return ends;
  },
});

/** EC2 and Fargate have clusters of their own, as a move between them in place is refused. */
function clusterOf({ claim: how, capacity, second, vpc, instances }: ClusterModel): Cluster | string {
  if (how === "existing") {
    return Cluster.existing("their-cluster").fargate({ spot: capacity === "spot" });
  }
  const number = second ? "2" : "1";
  if (how === "named") return `instances-${number}`;
  if (capacity === "ec2") {
    return new Cluster(`instances-${number}`)
      .ec2({ instanceType: "t3.large" })
      .autoscale({ min: instances, max: 4 })
      .network({ vpc });
  }
  return new Cluster(`fargate-${number}`).fargate({ spot: capacity === "spot" }).network({ vpc });
}

/** Small enough that two instances have room for all colors, and as large as Fargate needs it. */
const sizeOn = ({ claim: how, capacity }: ClusterModel) =>
  how !== "existing" && (how === "named" || capacity === "ec2")
    ? { cpu: 64, memory: 32 }
    : { cpu: 256, memory: 512 };

/** Tasks on instances have SRV records, others have A records: a name has records of one type. */
const discoveryNameOn = ({ claim: how, capacity }: ClusterModel, name: string): string =>
  how !== "existing" && (how === "named" || capacity === "ec2") ? `_${name}._tcp` : name;

function balancerOf(
  { claim: how, second, port: number, answers: count }: BalancerModel,
  vpc: string,
): LoadBalancer | string {
  if (how === "existing") return LoadBalancer.existing("their-alb").http(80);
  const name = second ? "alb-2" : "alb-1";
  if (how === "named") return name;
  const plain = new LoadBalancer(name).http(number).network({ vpc });
  if (count === 0) return plain;
  const redirecting = plain.redirect({ path: "/old/*" }, { to: "/talk" });
  return count === 1 ? redirecting : redirecting.respond({ path: "/down*" }, { status: 503 });
}

/** One load balancer for all, on which each deployment has a listener of its own. */
const LISTENERS = { talk: { tcp: 5001, other: 5002 }, speaker: { tcp: 6001, other: 6002 } };

function networkBalancerOf(vpc: string, isInternal: boolean): NetworkLoadBalancer {
  const ports = Object.values(LISTENERS).flatMap((each) => Object.values(each));
  const nlb = ports.reduce(
    (one, port) => one.tcp(port),
    new NetworkLoadBalancer(isInternal ? "nlb-2" : "nlb-1"),
  );
  return isInternal ? nlb.internal().network({ vpc }) : nlb.network({ vpc });
}

function deployment(name: string, model: MemberModel, { cluster, balancer }: Described): CompleteDeployment {
  const paths = [`/${name}*`, [`/${name}`, `/${name}/*`], `/other-${name}*`] as const;
  const base = new Deployment(name)
    .image(`registry.example.com/${name}:${model.version}`)
    .container({ port: 8080, ...sizeOn(cluster) })
    .service({ desired: model.desired })
    .cluster(clusterOf(cluster));
  const hasColors = model.routed && model.release !== "rolling";
  const isShifted = !model.routed && model.nlb !== "none" && model.release !== "rolling";
  const optional = [
    model.env === "" ? undefined : (on: CompleteDeployment) => on.env({ LEVEL: model.env }),
    model.logs === "" ? undefined : (on: CompleteDeployment) => on.logs(`${name}-${model.logs}`),
    model.tags === "" ? undefined : (on: CompleteDeployment) => on.tags({ team: model.tags }),
    !model.sidecar
      ? undefined
      : (on: CompleteDeployment) => on.sidecar("proxy", { image: "proxy:1", memory: 16, port: 9000 }),
    !model.secret
      ? undefined
      : (on: CompleteDeployment) => on.secrets({ DB_PASSWORD: "ssm:/talk-service/db-password" }),
    !model.scaled ? undefined : (on: CompleteDeployment) => on.autoscale({ min: 1, max: 4, cpu: 60 }),
    !model.routed
      ? undefined
      : (on: CompleteDeployment) =>
          on.behindAlb(balancerOf(balancer, cluster.claim === "described" ? cluster.vpc : "main"), {
            path: paths[model.path]!,
            healthCheck: "/health",
          }),
    model.nlb === "none" || (model.routed && model.release !== "rolling")
      ? undefined
      : (on: CompleteDeployment) => {
          const isInternal = model.nlb === "internal";
          const listener = LISTENERS[name as "talk"][model.nlb === "other" ? "other" : "tcp"];
          const vpc = cluster.claim === "described" ? cluster.vpc : "main";
          return on.behindNlb(networkBalancerOf(vpc, isInternal), { listener });
        },
    !model.routed || !model.sidecar || !model.further
      ? undefined
      : (on: CompleteDeployment) =>
          on.behindAlb(balancerOf(balancer, cluster.claim === "described" ? cluster.vpc : "main"), {
            path: `/${name}/further*`,
            container: "proxy",
          }),
    // Colors are shifted between by an Application Load Balancer; behind a Network Load Balancer, ECS shifts.
    !hasColors && !isShifted
      ? undefined
      : (on: CompleteDeployment) =>
          on.blueGreen({
            ...(hasColors && model.release === "kept" && { keepOld: "1h" }),
            ...(model.alarm && { alarms: ["their-alarm"] }),
          }),
  ];
  const { namespace } = model;
  // Colors share no name.
  const isNamed = model.connect === "name" && !hasColors;
  const ways = [
    model.connect === "none"
      ? undefined
      : (on: CompleteDeployment) =>
          on.connect({ namespace, ...(isNamed && { as: `${name}-api`, port: 8080 }) }),
    !model.named || hasColors || isShifted
      ? undefined
      : (on: CompleteDeployment) => on.serviceDiscovery({ namespace, as: discoveryNameOn(cluster, name) }),
  ];
  return [...optional, ...ways].reduce<CompleteDeployment>((chain, add) => add?.(chain) ?? chain, base);
}
