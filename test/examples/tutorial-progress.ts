/** The tutorial's resources, as its progress names them. */
const RESOURCES = [
  "auto-scaling-group conference-cluster-instances",
  "capacity-provider conference-cluster-capacity",
  "cluster conference-cluster",
  "cluster-capacity-provider conference-cluster/conference-cluster-capacity",
  "ecr-repository talk-service",
  "iam-role conference-cluster-instance-role-eu-west-1",
  "image talk-service",
  "instance-bounds conference-cluster-instances",
  "instance-profile conference-cluster-instance-role-eu-west-1",
  "launch-template conference-cluster-instances",
  "listener conferenceAlb:80",
  "listener-rule conferenceAlb:80/talk-service",
  "load-balancer conferenceAlb",
  "log-group talk-service",
  "security-group conference-cluster-instances",
  "security-group conferenceAlb-alb",
  "security-group-rule conference-cluster-instances: tcp 1-65535 from conferenceAlb-alb",
  "security-group-rule conferenceAlb-alb: tcp 80 from 0.0.0.0/0",
  "security-group-rule conferenceAlb-alb: tcp 80 from ::/0",
  "service talk-service",
  "target-group talk-service",
  "task-definition talk-service",
];

const ONLY_CREATED = [
  "load-balancer conferenceAlb ready … s",
  "rollout talk-service: successful, 2 of 2 running, 2 healthy",
];

/** What a whole run of the tutorial says that it has done, in steady words; sorted, for parallel steps differ. */
export const tutorialProgress = (done: "created" | "deleted"): readonly string[] =>
  [
    `${RESOURCES.length} to ${done.slice(0, -1)} (local cloud, account 123456789012, eu-west-1)`,
    `Done in … s: ${RESOURCES.length} ${done}`,
    ...RESOURCES.map((resource) => `✓ ${resource} ${done} … s`),
    ...(done === "created" ? ONLY_CREATED.map((line) => `✓ ${line}`) : []),
  ]
    .map((line) => `  0:00 ${line}`)
    .sort();
