import type { PolicyDocument } from "./execution-policy.js";

/**
 * The permissions that the ECS Exec agent needs to connect. Source: ECS Developer Guide, "ECS Exec", required
 * permissions.
 */
export const execPolicy: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      Resource: ["*"],
    },
  ],
};
