import type { Account } from "../../core/account.js";
import { instanceTypesTable } from "../ec2/instance-types-table.js";
import { needsOf, tasksOn } from "../ecs/clusters/container-instance-resources.js";
import type { Cluster, ContainerInstance, Service, TaskRecord } from "../ecs/state.js";
import type { Datapoint, Load, Metric } from "./state.js";

const MINUTE = 60_000;

/** Without a reservation, Docker gives a container its minimum. */
const LEAST_CPU = 2;

/** The current value of a metric, over the last minute; `undefined` if it has no data. */
export function metricValue(account: Account, metric: Metric, period: number): number | undefined {
  const given = account.cloudWatch.metrics.get(metricKey(metric));
  if (given !== undefined) return given;
  const put = account.cloudWatch.points.get(metricKey(metric));
  if (put !== undefined) return lastMinute(account, put.points);
  const dimension = (name: string) => metric.dimensions.find(({ Name }) => Name === name)?.Value;
  const cluster = account.ecs.clusters.get(dimension("ClusterName") ?? "");
  switch (metric.namespace) {
    case "AWS/EC2":
      return groupCpu(account, dimension("AutoScalingGroupName"), period);
    case "AWS/ECS": {
      if (cluster?.status !== "ACTIVE") return undefined;
      const name = dimension("ServiceName");
      return name === undefined
        ? clusterMetric(account, cluster, metric.name)
        : serviceMetric(account, cluster, cluster.services.get(name), metric.name);
    }
    case "AWS/ApplicationELB":
      return metric.name === "RequestCountPerTarget"
        ? requestsPerTarget(account, dimension("TargetGroup"))
        : undefined;
    default:
      return undefined;
  }
}

/** The average over the last minute in which values were put; `undefined` if none were. */
function lastMinute(account: Account, points: readonly Datapoint[]): number | undefined {
  const since = account.clock.now() - MINUTE;
  const recent = points.filter(({ at }) => at > since && at <= account.clock.now());
  return recent.length === 0
    ? undefined
    : sum(recent, (point) => point.sum) / sum(recent, ({ count }) => count);
}

export const metricKey = ({ namespace, name, dimensions }: Metric): string =>
  JSON.stringify([namespace, name, dimensions.map(({ Name, Value }) => `${Name}=${Value}`).sort()]);

const runningTasks = (cluster: Cluster, name: string | undefined): TaskRecord[] =>
  [...cluster.tasks.values()].filter(
    ({ serviceName, description }) => serviceName === name && description.lastStatus === "RUNNING",
  );

const loadOf = (account: Account, cluster: string, service = ""): Load =>
  account.cloudWatch.loads.get(`${cluster}/${service}`) ?? account.cloudWatch.loads.get(service) ?? {};

const reservedCpu = (task: TaskRecord): number =>
  Math.max(LEAST_CPU, needsOf(task.taskDefinition.description).cpu);

/** CPU units that a task uses: measured, or its share of the load that the test sets. */
function usedCpu(account: Account, cluster: Cluster, task: TaskRecord): number {
  const measured = account.cloudWatch.measured.cpu.get(task.description.taskArn ?? "");
  if (measured !== undefined) return measured.units;
  const { cpu = 0 } = loadOf(account, cluster.name, task.serviceName);
  const share = cpu / 100 / Math.max(1, runningTasks(cluster, task.serviceName).length);
  return share * reservedCpu(task);
}

const usedMemory = (account: Account, cluster: Cluster, task: TaskRecord): number =>
  ((loadOf(account, cluster.name, task.serviceName).memory ?? 0) / 100) *
  needsOf(task.taskDefinition.description).memory;

function serviceMetric(
  account: Account,
  cluster: Cluster,
  service: Service | undefined,
  name: string,
): number | undefined {
  const tasks = runningTasks(cluster, service?.description.serviceName);
  if (service === undefined || tasks.length === 0) return undefined;
  if (name === "CPUUtilization")
    return percent(
      sum(tasks, (task) => usedCpu(account, cluster, task)),
      sum(tasks, reservedCpu),
    );
  if (name !== "MemoryUtilization") return undefined;
  const reserved = sum(tasks, ({ taskDefinition }) => needsOf(taskDefinition.description).memory);
  return percent(
    sum(tasks, (task) => usedMemory(account, cluster, task)),
    reserved,
  );
}

function clusterMetric(account: Account, cluster: Cluster, name: string): number | undefined {
  const instances = [...cluster.containerInstances.values()].filter(({ status }) => status !== "INACTIVE");
  if (instances.length === 0) return undefined;
  const tasks = instances.flatMap((instance) => tasksOn(cluster, instance));
  const cpu = sum(instances, (instance) => instance.cpu);
  const memory = sum(instances, (instance) => instance.memory);
  switch (name) {
    case "CPUUtilization":
      return percent(
        sum(tasks, (task) => usedCpu(account, cluster, task)),
        cpu,
      );
    case "MemoryUtilization":
      return percent(
        sum(tasks, (task) => usedMemory(account, cluster, task)),
        memory,
      );
    case "CPUReservation":
      return percent(sum(tasks, reservedCpu), cpu);
    case "MemoryReservation":
      return percent(
        sum(tasks, ({ taskDefinition }) => needsOf(taskDefinition.description).memory),
        memory,
      );
    default:
      return undefined;
  }
}

/**
 * The average over all instances that report at this period: without detailed monitoring, they report every
 * five minutes.
 */
function groupCpu(account: Account, name: string | undefined, period: number): number | undefined {
  const group = account.autoScaling.groups.get(name ?? "");
  const values = [...(group?.instances.values() ?? [])].flatMap(({ id, lifecycle }) => {
    const instance = account.ec2.instances.get(id);
    if (instance === undefined || lifecycle !== "InService") return [];
    if (!instance.detailedMonitoring && period < 300) return [];
    const units = (instanceTypesTable.get(instance.instanceType)?.vcpus ?? 1) * 1024;
    const [cluster, registered] = registration(account, id) ?? [];
    if (cluster === undefined || registered === undefined) return [0];
    const tasks = tasksOn(cluster, registered).filter(
      ({ description }) => description.lastStatus === "RUNNING",
    );
    return [
      Math.min(
        100,
        percent(
          sum(tasks, (task) => usedCpu(account, cluster, task)),
          units,
        ) ?? 0,
      ),
    ];
  });
  return values.length === 0 ? undefined : sum(values, (value) => value) / values.length;
}

function registration(account: Account, instanceId: string): [Cluster, ContainerInstance] | undefined {
  for (const cluster of account.ecs.clusters.values()) {
    for (const instance of cluster.containerInstances.values())
      if (instance.instanceId === instanceId) return [cluster, instance];
  }
  return undefined;
}

/** ELB has no data point for a minute without requests. */
function requestsPerTarget(account: Account, dimension = ""): number | undefined {
  const group = [...account.elb.targetGroups.values()].find(({ arn }) => arn.endsWith(`:${dimension}`));
  if (group === undefined) return undefined;
  const healthy = [...group.targets.values()].filter(({ state }) => state === "healthy").length;
  const measured = account.cloudWatch.measured.requests.get(group.arn)?.rate;
  const rate = measured ?? sum(servicesBehind(account, group.arn), (load) => load.requests ?? 0);
  return healthy === 0 || rate === 0 ? undefined : rate / healthy;
}

const servicesBehind = (account: Account, groupArn: string): Load[] =>
  [...account.ecs.clusters.values()].flatMap((cluster) =>
    [...cluster.services.values()]
      .filter(({ description }) =>
        description.loadBalancers?.some(
          ({ targetGroupArn, advancedConfiguration }) =>
            targetGroupArn === groupArn || advancedConfiguration?.alternateTargetGroupArn === groupArn,
        ),
      )
      .map(({ description }) => loadOf(account, cluster.name, description.serviceName)),
  );

const percent = (part: number, whole: number): number | undefined =>
  whole === 0 ? undefined : (part / whole) * 100;

const sum = <Item>(items: readonly Item[], value: (item: Item) => number): number =>
  items.reduce((total, item) => total + value(item), 0);
