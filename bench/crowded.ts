import { Cluster, Deployment, type CompleteDeployment } from "../src/index.js";
import { localCloud, type LocalCloud } from "../src/local/index.js";

/** A service that scales by its CPU, and by steps with an alarm. */
export const scaledService = (name: string): CompleteDeployment =>
  new Deployment(name)
    .image(`registry.example.com/${name}:1`)
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster("conference").fargate())
    .autoscale({ min: 2, max: 4, cpu: 60, steps: [{ when: "memory >= 80", for: "3m", add: 1 }] });

/** As many alarms of others, each with a scaling policy as its action: target tracking makes two a service. */
export async function addForeignAlarms(
  { ports: { cloudWatch } }: Pick<LocalCloud, "ports">,
  count: number,
): Promise<void> {
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

/** The calls of a plan without changes, among as many alarms of others. */
export async function measureCrowded(alarms: number): Promise<number> {
  await using cloud = localCloud({ clock: "virtual" });
  const talk = scaledService("talk").on(cloud);
  await talk.deploy();
  await addForeignAlarms(cloud, alarms);
  const before = cloud.calls.length;
  await talk.plan();
  return cloud.calls.length - before;
}
