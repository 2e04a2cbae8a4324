import { statSync } from "node:fs";
import { join } from "node:path";
import type { AwsContext } from "../../aws/context.js";
import { isPast } from "../../scaling/resolve-at.js";
import { DOCKERFILE } from "../../spec/build.js";
import type { DeploymentSpec, JobSpec, TaskSpec } from "../../spec/deployment-spec.js";
import { logGroupUses } from "../../spec/task/log-groups.js";
import { parseImageReference } from "../../spec/image-reference.js";

/** The warnings about what a chain says and may not mean: dates in the past, an image named like a directory. */
export function descriptionWarnings(
  spec: DeploymentSpec | JobSpec,
  context: Pick<AwsContext, "awsTime" | "region">,
): readonly string[] {
  return [...namesakeWarnings(spec), ...pastWarnings(spec, context), ...logRegionWarnings(spec, context)];
}

function namesakeWarnings({ image, sidecars }: TaskSpec): readonly string[] {
  const images = [image, ...sidecars.map((sidecar) => sidecar.image)];
  return [...new Set(images.flatMap(({ reference, build }) => (build === undefined ? [reference] : [])))]
    .filter(isNamedLikeDirectory)
    .map(
      (reference) =>
        `the image ${reference} is pulled from a registry, although there is a directory of this name with a Dockerfile: to build it, write "./${reference}"; otherwise, a tag makes clear that an image is meant: "${reference}:latest"`,
    );
}

/** A tag, a digest and a registry's host are signs that an image is meant. */
function isNamedLikeDirectory(reference: string): boolean {
  const { registry, tag, digest } = parseImageReference(reference) ?? { registry: reference };
  if (registry !== undefined || tag !== undefined || digest !== undefined) return false;
  return statSync(join(reference, DOCKERFILE), { throwIfNoEntry: false })?.isFile() ?? false;
}

/** The warnings for containers whose log events go to another region, where quayside creates and reads nothing. */
function logRegionWarnings(
  { name, container, sidecars, logs }: TaskSpec,
  { region }: Pick<AwsContext, "region">,
): readonly string[] {
  return [container, ...sidecars].flatMap((each) =>
    logGroupUses([each], logs)
      .filter((use) => use.region !== undefined && use.region !== region)
      .map(
        (use) =>
          `container ${each.name} of ${name} writes its logs to log group ${use.group} in ${use.region}, although it runs in ${region}: that group must exist, tail() and failure reports do not read it, and AWS charges for the data transfer`,
      ),
  );
}

function pastWarnings(
  spec: DeploymentSpec | JobSpec,
  context: Pick<AwsContext, "awsTime">,
): readonly string[] {
  const past = (at: string, timezone: string | undefined) => isPast(at, timezone, context);
  return [
    ...scheduledBounds(spec)
      .filter(({ at, timezone }) => past(at, timezone))
      .map(({ path, at, timezone }) => `${path} has no effect any more: ${inZone(at, timezone)} has passed`),
    ...("schedule" in spec &&
    spec.schedule !== undefined &&
    past(spec.schedule.expression, spec.schedule.timezone)
      ? [
          `job ${spec.name} is not scheduled: ${inZone(spec.schedule.expression, spec.schedule.timezone)} has passed, and EventBridge Scheduler refuses times in the past`,
        ]
      : []),
  ];
}

const inZone = (at: string, timezone = "UTC"): string => `${at} in ${timezone}`;

/** The scheduled bounds of the tasks and of the instances, with the paths that the user knows. */
function scheduledBounds(spec: DeploymentSpec | JobSpec) {
  const { capacity } = spec.cluster;
  const scaling = capacity.type === "ec2" ? capacity.scaling : undefined;
  const instances = scaling !== undefined && "schedule" in scaling ? scaling.schedule : [];
  const tasks = "scaling" in spec ? (spec.scaling?.schedule ?? []) : [];
  return [
    ...tasks.map((entry, index) => ({ ...entry, path: `autoscale.schedule.${index} of ${spec.name}` })),
    ...instances.map((entry, index) => ({
      ...entry,
      path: `autoscale.schedule.${index} of cluster ${spec.cluster.name}`,
    })),
  ];
}
