import type { StatementInputs, StatementToBuild } from "./statement.js";

/** What is in logs, parameters and images is read by name. */
export const namedReads = ({
  facts,
  arnOf,
  ofTask,
  partition,
  region,
}: StatementInputs): readonly StatementToBuild[] => [
  {
    sid: "ReadLogs",
    groups: [
      { for: ["deploy", "run", "tail"], actions: ["logs:FilterLogEvents"] },
      { for: ["status"], when: facts.jobs.length > 0, actions: ["logs:DescribeLogStreams"] },
    ],
    resources: facts.logGroups.map((group) => arnOf("logs", `log-group:${group}:*`)),
    conditions: ofTask,
  },
  {
    // A parameter with a customer-managed key needs kms:Decrypt on the key, too.
    sid: "ReadClientSecrets",
    groups: [{ for: ["plan", "deploy", "destroy"], actions: ["ssm:GetParameter"] }],
    resources: facts.clientSecrets.map((name) => arnOf("ssm", `parameter/${name.replace(/^\//, "")}`)),
  },
  {
    // Public parameters belong to no account.
    sid: "ReadRecommendedAmis",
    groups: [
      { for: ["plan", "deploy", "destroy", "run"], actions: ["ssm:GetParameter"] },
      { for: ["status"], when: facts.readsHosts, actions: ["ssm:GetParameter"] },
    ],
    resources:
      facts.instanceClusters.length > 0
        ? [
            `arn:${partition}:ssm:${region}::parameter/aws/service/ecs/optimized-ami/*`,
            ...(facts.instanceClusters.some(
              ({ capacity }) => capacity.type === "ec2" && capacity.os === "bottlerocket",
            )
              ? [`arn:${partition}:ssm:${region}::parameter/aws/service/bottlerocket/*`]
              : []),
          ]
        : [],
  },
];
