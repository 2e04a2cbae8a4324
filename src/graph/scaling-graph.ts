import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { resourceIdOf } from "../aws/scalable-targets.js";
import type { AutoScalingGroupState } from "../cluster/auto-scaling-group.js";
import { created, type Graph, type GraphPurpose, type Need, type Ref } from "../engine/graph.js";
import type { Tags } from "../engine/kind.js";
import { stableHash } from "../engine/stable-hash.js";
import type { LoadBalancerState } from "../load-balancer/load-balancer.js";
import type { NetworkState } from "../network/network-state.js";
import { alarmActionKind, alarmActionName } from "../scaling/alarm-action.js";
import { alarmInput, type Measured } from "../scaling/alarm-input.js";
import { alarmKind } from "../scaling/alarm.js";
import { existingAlarmKind } from "../scaling/existing-alarm.js";
import { instanceScalingPolicyKind } from "../scaling/instance-scaling-policy.js";
import { instanceScheduleKind } from "../scaling/instance-schedule.js";
import { instancePolicy, requestsLabel, stepPolicy, targetPolicy } from "../scaling/policy-input.js";
import { quaysideName } from "../scaling/quayside-name.js";
import { isPast, resolveAt } from "../scaling/resolve-at.js";
import { scalableTargetKind } from "../scaling/scalable-target.js";
import type { ScaleIn } from "../scaling/scale-in.js";
import { policyNodeName, scalingPolicyKind } from "../scaling/scaling-policy.js";
import { scheduledActionKind } from "../scaling/scheduled-action.js";
import type { ServiceState } from "../service/service-state.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { ClusterSpec } from "../spec/cluster.js";
import { deriveName } from "../spec/derive-name.js";
import { ALARM_NAME } from "../spec/names.js";
import type { ScheduleSpec } from "../spec/scaling/scaling-schedule.js";
import type { StepPolicySpec } from "../spec/scaling/step-policies.js";
import { scheduledBounds, type Bounds } from "../spec/scaling/scheduled-bounds.js";
import { unixCron } from "../spec/scaling/unix-cron.js";
import { addCluster, type ClusterRefs } from "./cluster-graph.js";

/** Overrides for the scaling of one color of a blue/green deployment. */
export interface ScalingVariant {
  readonly scaleIn?: ScaleIn | undefined;
  /** The bounds that a schedule has set, which differ from the described ones. */
  readonly bounds?: Bounds | undefined;
}

/** Adds everything that scales the service's number of tasks. */
export function addServiceScaling(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  service: Ref<ServiceState>,
  traffic:
    | { readonly loadBalancer: Ref<LoadBalancerState>; readonly targetGroup: Ref<{ readonly arn: string }> }
    | undefined,
  context: AwsContext,
  { scaleIn, bounds }: ScalingVariant = {},
): void {
  const { scaling, tags } = spec;
  if (scaling === undefined) return;
  const owner = ownerOf.deployment(spec.name);
  const clusterName = spec.cluster.name;
  const serviceName = spec.service.name;
  const resourceId = resourceIdOf(clusterName, serviceName);
  const scheduled = scheduledBounds(scaling.schedule);
  const target = graph.add({
    kind: scalableTargetKind,
    name: `${clusterName}/${serviceName}`,
    owner,
    needs: { service: created(service) },
    desired: () => ({
      clusterName,
      serviceName,
      min: bounds?.min ?? scaling.min,
      max: bounds?.max ?? scaling.max,
      ...(scaleIn !== undefined && { scaleIn }),
      ...(scheduled === undefined ? {} : { scheduled }),
      tags,
    }),
  });

  for (const followed of scaling.targets) {
    const policyName = quaysideName(followed.metric);
    const counted = followed.metric === "requestsPerTask" ? traffic : undefined;
    graph.add({
      kind: scalingPolicyKind,
      name: policyNodeName({ resourceId, policyName }),
      owner,
      needs: {
        target: created(target),
        loadBalancer: created(counted?.loadBalancer),
        targetGroup: created(counted?.targetGroup),
      },
      desired: ({ loadBalancer, targetGroup }) => {
        const label =
          loadBalancer && targetGroup ? requestsLabel(loadBalancer.arn, targetGroup.arn) : undefined;
        return { resourceId, policyName, policy: targetPolicy(followed, label), tags };
      },
    });
  }
  for (const steps of scaling.policies) {
    const policyName = quaysideName(steps.name);
    const policy = graph.add({
      kind: scalingPolicyKind,
      name: policyNodeName({ resourceId, policyName }),
      owner,
      needs: { target: created(target) },
      desired: () => ({ resourceId, policyName, policy: stepPolicy(steps), tags }),
    });
    const measured = { cluster: clusterName, service: serviceName };
    addAlarm(graph, steps, {
      owner,
      tags,
      measured,
      base: `${clusterName}-${serviceName}`,
      policyName,
      policy,
    });
  }
  for (const entry of upcoming(scaling.schedule, context)) {
    const actionName = scheduleName(entry);
    const { at: schedule, timezone, min, max } = entry;
    graph.add({
      kind: scheduledActionKind,
      name: `${clusterName}/${serviceName}/${actionName}`,
      owner,
      needs: { target: created(target) },
      desired: () => ({ resourceId, actionName, schedule, timezone, min, max, tags }),
    });
  }
}

/** Adds a cluster and everything that scales its number of instances. */
export async function addScaledCluster(
  graph: Graph<AwsContext>,
  spec: ClusterSpec,
  network: Ref<NetworkState>,
  context: AwsContext,
  purpose: GraphPurpose,
): Promise<ClusterRefs> {
  const refs = await addCluster(graph, spec, network, context, purpose);
  addInstanceScaling(graph, spec, refs.group, context);
  return refs;
}

/** Adds the scaling policies and schedules; ECS managed scaling needs only the capacity provider. */
function addInstanceScaling(
  graph: Graph<AwsContext>,
  spec: ClusterSpec,
  instances: Ref<AutoScalingGroupState> | undefined,
  context: AwsContext,
): void {
  if (instances === undefined || spec.capacity.type !== "ec2" || spec.capacity.scaling === undefined) return;
  const { scaling } = spec.capacity;
  const owner = ownerOf.cluster(spec.name);
  const { tags } = spec;
  const groupName = instances.id.slice(instances.id.indexOf("/") + 1);
  for (const steps of scaling.by === "steps" ? scaling.policies : []) {
    const policyName = quaysideName(steps.name);
    const policy = graph.add({
      kind: instanceScalingPolicyKind,
      name: `${groupName}/${policyName}`,
      owner,
      needs: { group: created(instances) },
      desired: () => ({ groupName, policyName, policy: instancePolicy(steps), tags }),
    });
    const measured = { cluster: spec.name, group: groupName };
    addAlarm(graph, steps, { owner, tags, measured, base: `${spec.name}-instances`, policyName, policy });
  }
  for (const entry of upcoming(scaling.schedule, context)) {
    const actionName = scheduleName(entry);
    const { at, timezone, min, max } = entry;
    const start = resolveAt(at, timezone)?.toISOString();
    graph.add({
      kind: instanceScheduleKind,
      name: `${groupName}/${actionName}`,
      owner,
      needs: { group: created(instances) },
      desired: () => ({
        groupName,
        actionName,
        recurrence: unixCron(at),
        start,
        // A single point in time is given in UTC.
        timezone: start === undefined ? timezone : undefined,
        min,
        max,
        tags,
      }),
    });
  }
}

interface AlarmInputs {
  readonly owner: string;
  readonly tags: Tags;
  readonly measured: Measured;
  /** The prefix of the names of our own alarms. */
  readonly base: string;
  readonly policyName: string;
  readonly policy: Ref<{ readonly arn: string }>;
}

/** Adds the alarm that triggers a policy: its own one, or one that exists. */
function addAlarm(graph: Graph<AwsContext>, steps: StepPolicySpec, inputs: AlarmInputs): void {
  const { owner, tags, measured, base, policyName } = inputs;
  const { when } = steps;
  const policy: Need<{ readonly arn: string }> = created(inputs.policy);
  if ("existing" in when) {
    const alarmName = when.existing;
    const existing = graph.add({
      kind: existingAlarmKind,
      name: alarmName,
      owner: undefined,
      needs: {},
      desired: () => ({ alarmName, tags: {} }),
    });
    graph.add({
      kind: alarmActionKind,
      name: alarmActionName(alarmName, "service" in measured ? measured.service : measured.group, policyName),
      owner,
      needs: { policy, existing: created(existing) },
      desired: ({ policy: { arn } }) => ({ alarmName, policy: arn, tags }),
    });
    return;
  }
  const alarmName = deriveName(ALARM_NAME, base, `-${steps.name}`);
  graph.add({
    kind: alarmKind,
    name: alarmName,
    owner,
    needs: { policy },
    desired: ({ policy: { arn } }) => ({
      alarmName,
      alarm: alarmInput(when, measured, `Scales ${base}`),
      policy: arn,
      tags,
    }),
  });
}

/** The entries that are still to come: AWS rejects schedules in the past. */
const upcoming = (schedule: readonly ScheduleSpec[], context: AwsContext): readonly ScheduleSpec[] =>
  schedule.filter(({ at, timezone }) => !isPast(at, timezone, context));

/** A name that depends only on the time, not on the position in the list. */
const scheduleName = ({ at, timezone }: ScheduleSpec): string =>
  quaysideName(`${/^\w+/.exec(at)?.[0] ?? "at"}-${stableHash([at, timezone]).slice(0, 8)}`);
