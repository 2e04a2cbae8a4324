import { OWNER_TAG } from "../aws/tags.js";
import { both, type StatementInputs, type StatementToBuild } from "./statement.js";

/** What `{ adopt: true }` needs besides: to tag what nothing of quayside owns. */
export const adoptions = (inputs: StatementInputs): readonly StatementToBuild[] => [
  {
    sid: "Adopt",
    groups: [
      {
        for: ["adopt"],
        actions: [
          "application-autoscaling:TagResource",
          "autoscaling:CreateOrUpdateTags",
          "cloudwatch:TagResource",
          "ec2:CreateTags",
          "ecr:TagResource",
          "ecs:TagResource",
          "elasticloadbalancing:AddTags",
          "logs:TagResource",
          "scheduler:TagResource",
        ],
      },
    ],
    resources: ["*"],
    conditions: both(inputs.created, { Null: { [`aws:ResourceTag/${OWNER_TAG}`]: "true" } }),
  },
];
