/**
 * The permissions of EventBridge Scheduler for a job: to run this family's tasks in this cluster with their
 * own roles, and no more.
 */
export function runPolicy(known: {
  readonly taskDefinition: string;
  readonly clusterArn: string;
  readonly passedRoles: readonly string[];
}): unknown {
  // Every revision: a deploy points the schedule to the next one.
  const family = known.taskDefinition.replace(/:\d+$/, "");
  const tasks = known.clusterArn.replace(":cluster/", ":task/");
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["ecs:RunTask"],
        Resource: [`${family}:*`],
        Condition: { ArnEquals: { "ecs:cluster": known.clusterArn } },
      },
      {
        Effect: "Allow",
        Action: ["ecs:TagResource"],
        Resource: [`${tasks}/*`],
        Condition: { StringEquals: { "ecs:CreateAction": "RunTask" } },
      },
      ...(known.passedRoles.length === 0
        ? []
        : [
            {
              Effect: "Allow",
              Action: ["iam:PassRole"],
              Resource: [...known.passedRoles],
              Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
            },
          ]),
    ],
  };
}
