import type { AwsContext } from "../aws/context.js";
import type { Architecture } from "../cluster/instance-type.js";
import type { BuildContext } from "../docker/build-context.js";
import type { Graph, GraphPurpose, Ref } from "../engine/graph.js";
import type { ImageState } from "../image/built-image.js";
import type { TaskSpec } from "../spec/deployment-spec.js";
import { addImage, readSources } from "./image-graph.js";

/** The content of the directories that a task's images are built from; a container whose image is not built has none. */
export type TaskSources = ReadonlyMap<string, BuildContext>;

/** The images of a task that are built or looked up, by container; those of others are used as they are written. */
export type TaskImages = ReadonlyMap<string, Ref<ImageState>>;

const imagesOf = ({ image, container, sidecars }: Pick<TaskSpec, "image" | "container" | "sidecars">) => [
  { name: container.name, image, isMain: true },
  ...sidecars.map((sidecar) => ({ name: sidecar.name, image: sidecar.image, isMain: false })),
];

export async function readTaskSources(
  spec: Pick<TaskSpec, "image" | "container" | "sidecars">,
  context: Pick<AwsContext, "clock" | "signal">,
): Promise<TaskSources> {
  const sources = await Promise.all(
    imagesOf(spec).map(async ({ name, image }) => [name, await readSources(image, context)] as const),
  );
  return new Map(
    sources.flatMap(([name, source]) => (source === undefined ? [] : [[name, source] as const])),
  );
}

/** Adds the images of all containers of a task. */
export function addTaskImages(
  graph: Graph<AwsContext>,
  spec: TaskSpec,
  context: Pick<AwsContext, "region">,
  inputs: {
    readonly owner: string;
    readonly architecture: Ref<{ readonly architecture: Architecture }> | undefined;
    readonly purpose: GraphPurpose;
    readonly sources: TaskSources;
  },
): TaskImages {
  const { sources, ...shared } = inputs;
  const images = imagesOf(spec).map(({ name, image, isMain }) => {
    const ref = addImage(graph, image, context, {
      ...shared,
      deployment: isMain ? spec.name : `${spec.name}/${name}`,
      tags: spec.tags,
      clusterName: spec.cluster.name,
      platform:
        spec.task.architecture && (spec.task.architecture === "arm64" ? "linux/arm64" : "linux/amd64"),
      sources: sources.get(name),
    });
    return [name, ref] as const;
  });
  return new Map(images.flatMap(([name, ref]) => (ref === undefined ? [] : [[name, ref] as const])));
}
