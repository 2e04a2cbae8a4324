import type { Service } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { COLORS, otherColor, type BlueGreenDeployment, type Color } from "../../bluegreen/colors.js";
import { scheduledStop, type ScheduledStop } from "../../bluegreen/keep-old.js";
import { newerIdle, type ColorState, type ReleaseState } from "../../bluegreen/release-state.js";
import { routeOf } from "../../load-balancer/rules/rule-conditions.js";
import type { ColorStatus, ReleasePreview, ReleaseStatus } from "../results.js";
import { serviceAddress } from "../service-url.js";

/** What a status tells of a release besides its state. */
export interface ReleaseFacts {
  readonly stop: ScheduledStop | undefined;
  /** The image of each task definition. */
  readonly images: ReadonlyMap<string, string | undefined>;
  readonly preview: ReleasePreview | undefined;
}

/** Reads what belongs to a release: its images, its preview, and when the old color will be stopped. */
export async function readFacts(
  spec: BlueGreenDeployment,
  state: ReleaseState,
  context: AwsContext,
): Promise<ReleaseFacts> {
  const revisions = COLORS.flatMap((color) => state[color].service?.taskDefinition ?? []);
  const [stop, preview, images] = await Promise.all([
    scheduledStop(spec.name, context),
    previewOf(spec, state, context),
    Promise.all(
      revisions.map(async (revision) => [revision, await imageOf(revision, spec, context)] as const),
    ),
  ]);
  return { stop, preview, images: new Map(images) };
}

async function imageOf(
  taskDefinition: string,
  { container }: BlueGreenDeployment,
  { aws }: AwsContext,
): Promise<string | undefined> {
  const answer = await ignoreNotFound(aws.ecs.describeTaskDefinition({ taskDefinition }));
  const definitions = answer?.taskDefinition?.containerDefinitions ?? [];
  return (definitions.find(({ name }) => name === container.name) ?? definitions[0])?.image;
}

async function previewOf(
  { route }: BlueGreenDeployment,
  state: ReleaseState,
  context: AwsContext,
): Promise<ReleasePreview | undefined> {
  // Those of the main route: others are for some of its paths.
  const previews = state.previews.filter(({ targetGroupArn }) =>
    COLORS.some((each) => state[each].targetGroupArn === targetGroupArn),
  );
  const found = previews.find(({ endpoint }) => endpoint.protocol === "https") ?? previews[0];
  const color = COLORS.find((each) => state[each].targetGroupArn === found?.targetGroupArn);
  if (found === undefined || color === undefined) return undefined;
  const { host } = routeOf(found.conditions);
  const reached = host.length > 0 ? { host, path: route.path } : route;
  const { url } = await serviceAddress(found.dnsName, reached, found.endpoint, context);
  const headers = found.conditions.flatMap(({ HttpHeaderConfig: { HttpHeaderName, Values = [] } = {} }) =>
    HttpHeaderName === undefined ? [] : [[HttpHeaderName, Values[0] ?? ""] as const],
  );
  return { color, url, headers: Object.fromEntries(headers) };
}

/** The public status of a blue/green deployment. */
export function releaseStatus(state: ReleaseState, { stop, images, preview }: ReleaseFacts): ReleaseStatus {
  const { blue, green, live } = state;
  const color: Color | undefined = live === "rolling" ? undefined : live;
  const colors = { blue: colorStatus(blue, images), green: colorStatus(green, images) };
  const other = color && otherColor(color);
  const isKept = stop !== undefined && other !== undefined && (colors[other]?.tasks.desired ?? 0) > 0;
  return {
    live: color,
    idle: other && colors[other] && other,
    held: newerIdle(state),
    weights: { blue: shareOf(blue), green: shareOf(green) },
    colors,
    preview,
    keptUntil: isKept ? stop.at : undefined,
    stopOverdue: isKept && stop.isDue,
  };
}

/** Before the first version is verified, the rule forwards to a color that has no service. */
const shareOf = ({ service, weight }: ColorState): number => (service === undefined ? 0 : weight);

function colorStatus(
  { service, serviceName, release }: ColorState,
  images: ReleaseFacts["images"],
): ColorStatus | undefined {
  if (service === undefined) return undefined;
  const { taskDefinition = "", deployments = [] } = service;
  return {
    service: serviceName,
    release: release ?? 0,
    taskDefinition,
    image: images.get(taskDefinition),
    deployedAt: deployments.find(({ status }) => status === "PRIMARY")?.createdAt,
    tasks: tasksOf(service),
  };
}

export const tasksOf = (service: Service): ColorStatus["tasks"] => ({
  desired: service.desiredCount ?? 0,
  running: service.runningCount ?? 0,
  pending: service.pendingCount ?? 0,
});
