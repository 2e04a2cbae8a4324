import {
  Cluster,
  Deployment,
  Job,
  LoadBalancer,
  Network,
  NetworkLoadBalancer,
  type PermissionPurpose,
  type PolicyDocument,
} from "quayside";
import { PERMISSION_PURPOSES } from "../../src/spec/permission-options.js";

/** A chain that can say its policy. */
interface Chain {
  permissions(options?: { readonly for?: readonly PermissionPurpose[] }): PolicyDocument;
}

const base = new Deployment("talk-service")
  .image("registry.example.com/talk-service:1")
  .container({ port: 8080, cpu: 256, memory: 512 })
  .cluster(Cluster.existing("conference-cluster"));

/** A feature, and the chain that has it and nothing else beyond `base`. */
const FEATURES: readonly (readonly [string, Chain])[] = [
  [
    "`.cluster(new Cluster(…).ec2())`: a cluster with instances",
    base.cluster(new Cluster("conference-cluster").ec2()),
  ],
  ["`.cluster(new Cluster(…).fargate())`", base.cluster(new Cluster("conference-cluster").fargate())],
  [
    "`.network(new Network(…))` of a cluster",
    base.cluster(new Cluster("conference-cluster").fargate().network(new Network("conference"))),
  ],
  ["`.behindAlb(new LoadBalancer(…))`", base.behindAlb(new LoadBalancer("conferenceAlb").http(80))],
  [
    "`.behindNlb(new NetworkLoadBalancer(…))`",
    base.behindNlb(new NetworkLoadBalancer("conferenceNlb").tcp(8080)),
  ],
  [
    "`.behindNlb(…)` with `.blueGreen()`",
    base.behindNlb(new NetworkLoadBalancer("conferenceNlb").tcp(8080)).blueGreen(),
  ],
  ["`.behindAlb(LoadBalancer.existing(…))`", base.behindAlb(LoadBalancer.existing("conferenceAlb"))],
  [
    "`.https(443, { certificate })`",
    base.behindAlb(new LoadBalancer("conferenceAlb").https(443, { certificate: "conference.example.com" })),
  ],
  ['`.image("./directory")`: built and pushed to ECR', base.image("./talk-service")],
  ["`.secrets({ … })`", base.secrets({ DATABASE_URL: "ssm:/talk/database-url" })],
  ["`.taskRole({ policies })`", base.taskRole({ policies: ["arn:aws:iam::aws:policy/AmazonSQSFullAccess"] })],
  ["`.service({ exec: true })`", base.service({ exec: true })],
  ["`.autoscale({ … })`", base.autoscale({ min: 2, max: 6, cpu: 50 })],
  ["`.beforeRelease({ … })`", base.beforeRelease({ command: ["node", "migrate.mjs"] })],
  [
    '`.blueGreen({ keepOld: "3d" })`',
    base.behindAlb(LoadBalancer.existing("conferenceAlb")).blueGreen({ keepOld: "3d" }),
  ],
  [
    "`new Job(…).schedule(…)`",
    new Job("nightly-report")
      .image("registry.example.com/report:1")
      .container({ cpu: 256, memory: 512 })
      .cluster(Cluster.existing("conference-cluster"))
      .schedule("cron(0 3 * * ? *)"),
  ],
];

/** The actions that an operation, or a feature, needs: computed from the policies themselves. */
export function permissionsByFeature(): string {
  const cluster = new Cluster("conference-cluster").ec2();
  const complete = base
    .cluster(cluster)
    .behindAlb(new LoadBalancer("conferenceAlb").http(80))
    .service({ exec: true })
    .autoscale({ min: 2, max: 6, cpu: 50 })
    .blueGreen();
  const operations = PERMISSION_PURPOSES.map((purpose) => {
    const chain: Chain = purpose === "refresh" ? cluster : complete;
    const actions = [...actionsOf(chain.permissions({ for: [purpose] }))];
    return `### ${purpose}\n\n${list(actions)}`;
  });
  const usual = actionsOf(base.permissions());
  const features = FEATURES.map(([title, chain]) => {
    const more = [...actionsOf(chain.permissions())].filter((action) => !usual.has(action));
    return `### ${title}\n\n${list(more)}`;
  });
  return (
    [
      "---\noutline: [2, 3]\n---\n\n# Permissions by feature",
      "`permissions()` returns the policy of your own chain, narrowed to its resources: [Permissions](../permissions.md) shows whole ones. This page says which actions come from which operation and which feature. It is computed from these policies.",
      "## By operation",
      'Of a blue/green service on EC2 behind a load balancer, with scaling; `refresh` is of its cluster. To read less, pass what you run: `permissions({ for: ["plan"] })`.',
      ...operations,
      "## By feature",
      "All operations of a service with an image from a registry, on a cluster that exists, need these:",
      list([...usual]),
      "What a feature adds:",
      ...features,
    ].join("\n\n") + "\n"
  );
}

function actionsOf({ Statement }: PolicyDocument): ReadonlySet<string> {
  return new Set(Statement.flatMap(({ Action = [] }) => Action).sort());
}

/** One line for each service: `ecs`: CreateService, … */
function list(actions: readonly string[]): string {
  if (actions.length === 0) return "Nothing more.";
  const services = new Map<string, string[]>();
  for (const action of actions) {
    const [service = "", name = ""] = action.split(":");
    services.set(service, [...(services.get(service) ?? []), `\`${name}\``]);
  }
  return [...services].map(([service, names]) => `- **${service}**: ${names.join(", ")}`).join("\n");
}
