import { expect, test } from "vitest";
import { Cluster, Deployment, Fleet, type Plan } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { callsOf } from "./account.js";

/** A service that scales by its CPU, and by steps with an alarm. */
const scaled = (name: string) =>
  new Deployment(name)
    .image(`registry.example.com/${name}:1`)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference").fargate())
    .autoscale({ min: 2, max: 4, cpu: 60, steps: [{ when: "memory >= 80", for: "3m", add: 1 }] });

/** As many alarms of others, each with a scaling policy as its action: target tracking makes two a service. */
async function addForeignAlarms({ ports: { cloudWatch } }: LocalCloud, count: number): Promise<void> {
  const policy = (name: string) =>
    `arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:b7e2:resource/ecs/service/theirs/${name}:policyName/cpu`;
  for (let index = 0; index < count; index++)
    await cloudWatch.putMetricAlarm({
      AlarmName: `TargetTracking-service/theirs/service-${index}-AlarmHigh`,
      Namespace: "AWS/ECS",
      MetricName: "CPUUtilization",
      Statistic: "Average",
      Period: 60,
      EvaluationPeriods: 3,
      Threshold: 60,
      ComparisonOperator: "GreaterThanThreshold",
      AlarmActions: [policy(`service-${index}`)],
    });
}

const namesOf = (calls: Awaited<ReturnType<typeof callsOf>>) =>
  calls.map(({ service, operation }) => `${service}.${operation}`).sort();

test("the plan of a service makes the same calls among 3,000 alarms of others as with none", async () => {
  await using cloud = localCloud({ clock: "virtual" });
  const talk = scaled("talk").on(cloud);
  await talk.deploy();
  const plan = async () => {
    let planned: Plan | undefined;
    const calls = await callsOf(cloud, async () => void (planned = await talk.plan()));
    expect(planned!.isEmpty).toBe(true);
    return namesOf(calls);
  };
  const alone = await plan();
  expect(alone).toContain("cloudWatch.describeAlarms");
  await addForeignAlarms(cloud, 3_000);
  expect(await plan()).toEqual(alone);
});

test("a fleet reads alarms in pages of a hundred, which all of its services share", async () => {
  await using cloud = localCloud({ clock: "virtual" });
  const fleet = new Fleet(scaled("talk"), scaled("speaker"), scaled("agenda")).on(cloud);
  await fleet.deploy();
  const alone = namesOf(await callsOf(cloud, () => fleet.plan()));
  await addForeignAlarms(cloud, 300);
  const crowded = namesOf(await callsOf(cloud, () => fleet.plan()));
  expect(crowded.length - alone.length).toBe(3);
});
