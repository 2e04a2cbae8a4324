import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeTaskDefinitionCommand, type Task } from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { lastLines } from "../../../src/service/rollout/rollout-evidence.js";
import { mockAws, sdkError } from "../../aws/mock-aws.js";

const { awsContext, ecs, logs } = mockAws();

const task = (id: string, second: number): Task => ({
  taskArn: `arn:aws:ecs:eu-west-1:123456789012:task/main/${id}`,
  stoppedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, second)),
});

test("the last lines are an earlier task's, if the one that stopped last never started", async () => {
  const context = await awsContext();
  ecs.on(DescribeTaskDefinitionCommand).resolves({
    taskDefinition: {
      containerDefinitions: [
        {
          name: "web",
          logConfiguration: {
            logDriver: "awslogs",
            options: { "awslogs-group": "talk", "awslogs-stream-prefix": "talk" },
          },
        },
      ],
    },
  });
  logs
    .on(FilterLogEventsCommand)
    .rejects(sdkError("ResourceNotFoundException", "The specified log stream does not exist."))
    .on(FilterLogEventsCommand, { logStreamNames: ["talk/web/early"] })
    .resolves({ events: [{ message: "no database" }] });
  const subject = { serviceName: "talk", clusterName: "main", taskDefinition: "talk:1", targetGroupArns: [] };
  expect(await lastLines(subject, [task("early", 1), task("late", 2)], context)).toEqual(["no database"]);
});

test("the last lines are read from the log group of the task's own revision, not of the one that is deployed", async () => {
  const context = await awsContext();
  const revision = (group: string) => ({
    taskDefinition: {
      containerDefinitions: [
        {
          name: "web",
          logConfiguration: {
            logDriver: "awslogs" as const,
            options: { "awslogs-group": group, "awslogs-stream-prefix": "talk" },
          },
        },
      ],
    },
  });
  ecs
    .on(DescribeTaskDefinitionCommand)
    .resolves(revision("new-group"))
    .on(DescribeTaskDefinitionCommand, { taskDefinition: "talk:1" })
    .resolves(revision("old-group"));
  logs
    .on(FilterLogEventsCommand)
    .resolves({ events: [] })
    .on(FilterLogEventsCommand, { logGroupName: "old-group" })
    .resolves({ events: [{ message: "no database" }] });
  const subject = { serviceName: "talk", clusterName: "main", taskDefinition: "talk:2", targetGroupArns: [] };
  const old = { ...task("early", 1), taskDefinitionArn: "talk:1" };
  expect(await lastLines(subject, [old], context)).toEqual(["no database"]);
});
