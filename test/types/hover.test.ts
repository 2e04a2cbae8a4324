import { beforeAll, expect, test } from "vitest";
import { hover } from "./hover.js";

const variables = `
const /*?*/plain = new Deployment("talk");
const /*?*/withImage = plain.image("talk:1");
const /*?*/withCluster = plain.cluster("conference");
const /*?*/complete = withImage.cluster("conference");
const /*?*/balanced = complete.port(80).behindAlb("alb", { path: "/talk" });
const /*?*/again = balanced.image("talk:2").cluster("conference").image("talk:3");
const /*?*/eitherWay = Math.random() > 0.5 ? withImage : complete;
const /*?*/fromFile = Deployment.fromTaskDefinition({});
const /*?*/named = Deployment.named("talk");
const /*?*/fleet = new Fleet(balanced, again);
const /*?*/cluster = new Cluster("conference").ec2({ instanceType: "t3.small" });
const /*?*/alb = new LoadBalancer("alb").http(80);
const /*?*/job = new Job("report").image("report:1").cluster(cluster).schedule("rate(1 day)");
const /*?*/deployed = await balanced.deploy();
const /*?*/fleetDeployed = await fleet.deploy();
const /*?*/settled = await fleet.deploy({ settle: true });
const /*?*/ran = await job.run();
const /*?*/plan = await balanced.plan();
`;

const calls = `
const called = new Deployment("talk")./*?*/image("talk:1")./*?*/cluster("c")./*?*/behindAlb("alb");
await called./*?*/deploy();
await called./*?*/plan();
await called./*?*/status();
const work = new Job("report")./*?*/image("report:1")./*?*/cluster("c")./*?*/schedule("rate(1 day)");
await work./*?*/run();
`;

let hovers: readonly string[];

// One service for all, because it mostly reads the SDK's declarations.
beforeAll(() => {
  const imports = 'import { Cluster, Deployment, Fleet, Job, LoadBalancer } from "quayside";';
  hovers = hover(`${imports}${variables}${calls}`);
});

const shownFor = (source: string, before = 0): readonly string[] =>
  hovers.slice(before, before + source.split("/*?*/").length - 1);

test("an editor shows each variable of a chain on one line", () => {
  const shown = shownFor(variables);
  expect(shown.filter((text) => text.length > 100 || text.includes("{"))).toEqual([]);
  expect(shown).toMatchInlineSnapshot(`
    [
      "const plain: Deployment<NoCalls>",
      "const withImage: Deployment<HasImage>",
      "const withCluster: Deployment<HasCluster>",
      "const complete: Deployment<HasImage & HasCluster>",
      "const balanced: Deployment<HasImage & HasCluster>",
      "const again: Deployment<HasImage & HasCluster>",
      "const eitherWay: Deployment<HasImage>",
      "const fromFile: Deployment<HasImage>",
      "const named: NamedDeployment",
      "const fleet: Fleet",
      "const cluster: Cluster",
      "const alb: LoadBalancer",
      "const job: Job<HasImage & HasCluster>",
      "const deployed: Deployed",
      "const fleetDeployed: FleetDeployed",
      "const settled: readonly FleetResult[]",
      "const ran: RunResult",
      "const plan: Plan",
    ]
  `);
});

test("an editor shows the calls of a chain by the names of their types", () => {
  const shown = shownFor(calls, shownFor(variables).length);
  expect(shown).toHaveLength(10);
  expect(shown.filter((text) => text.includes("{"))).toEqual([]);
  expect(shown).toMatchInlineSnapshot(`
    [
      "(method) Deployment<NoCalls>.image(source: string | URL, options?: ImageOptions): Deployment<HasImage>",
      "(method) Deployment<HasImage>.cluster(cluster: string | Cluster): Deployment<HasImage & HasCluster>",
      "(method) Deployment<HasImage & HasCluster>.behindAlb(loadBalancer: string | LoadBalancer | undefined, options?: RouteOptions): Deployment<HasImage & HasCluster> (+1 overload)",
      "(method) Deployment<HasImage & HasCluster>.deploy(this: Deployment<HasImage & HasCluster>, options?: DeployOptions): Promise<Deployed>",
      "(method) Deployment<HasImage & HasCluster>.plan(this: Deployment<HasImage & HasCluster>, options?: DeployOptions): Promise<Plan>",
      "(method) Deployment<HasImage & HasCluster>.status(this: Deployment<HasImage & HasCluster>, options?: OperationOptions): Promise<ServiceStatus>",
      "(method) Job<NoCalls>.image(source: string | URL, options?: ImageOptions): Job<HasImage>",
      "(method) Job<HasImage>.cluster(cluster: string | Cluster): Job<HasImage & HasCluster>",
      "(method) Job<HasImage & HasCluster>.schedule(expression: string, options?: ScheduleOptions): Job<HasImage & HasCluster>",
      "(method) Job<HasImage & HasCluster>.run(this: Job<HasImage & HasCluster>, options?: RunOptions): Promise<RunResult>",
    ]
  `);
});
