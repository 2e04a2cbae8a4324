import type { AwsContext } from "../aws/context.js";
import { readBuildContext, type BuildContext } from "../docker/build-context.js";
import type { Platform } from "../docker/image-store.js";
import { offClock } from "../engine/clock.js";
import { created, type Graph, type GraphPurpose, type Ref } from "../engine/graph.js";
import { isUnknown, UNKNOWN } from "../engine/kind.js";
import { builtImageKind, contentTag, type ImageState } from "../image/built-image.js";
import { ecrRepositoryKind, LIFECYCLE_POLICY, type RepositoryState } from "../image/ecr-repository.js";
import { ecrImage, registryImageKind } from "../image/registry-image.js";
import type { ImageSpec } from "../spec/image.js";
import type { BuildSpec } from "../spec/build.js";

export interface ImageSurroundings {
  readonly deployment: string;
  readonly owner: string;
  readonly tags: Readonly<Record<string, string>>;
  /** What the cluster's instances are; `undefined`: x86_64. */
  readonly architecture: Ref<{ readonly architecture: "x86_64" | "arm64" }> | undefined;
  /** What is to go needs no image, only the repository to be looked at. */
  readonly purpose: GraphPurpose;
  /** The directory's content; `undefined` when nothing shall be built. */
  readonly sources: BuildContext | undefined;
}

/** The content of the directory that the image is built from; `undefined` if the image is not built. */
export const readSources = async (
  { build }: ImageSpec,
  { clock, signal }: Pick<AwsContext, "clock" | "signal">,
): Promise<BuildContext | undefined> => build && offClock(clock, () => readBuildContext(build, signal));

/**
 * The image, where it has to be made or looked up; `undefined`: the reference serves as it is written.
 * Everything but the task definition goes on beside it.
 */
export function addImage(
  graph: Graph<AwsContext>,
  { build, reference }: ImageSpec,
  context: Pick<AwsContext, "region">,
  around: ImageSurroundings,
): Ref<ImageState> | undefined {
  if (build !== undefined) {
    const repository = addRepository(graph, build, around);
    return around.sources && addBuiltImage(graph, build, repository, around, around.sources);
  }
  return around.purpose === "destroy" ? undefined : addRegistryImage(graph, reference, context);
}

/** What an image that is in ECR already stands for now; `undefined`: the reference serves as it is written. */
export function addRegistryImage(
  graph: Graph<AwsContext>,
  reference: string,
  { region }: Pick<AwsContext, "region">,
): Ref<ImageState> | undefined {
  if (ecrImage(reference, region) === undefined) return undefined;
  return graph.add({
    kind: registryImageKind,
    name: reference,
    owner: undefined,
    needs: {},
    desired: () => ({ reference, tags: {} }),
  });
}

function addRepository(
  graph: Graph<AwsContext>,
  { repository: repositoryName, claim }: BuildSpec,
  { owner, tags }: ImageSurroundings,
): Ref<RepositoryState> {
  return graph.add({
    kind: ecrRepositoryKind,
    name: repositoryName,
    owner,
    claim,
    needs: {},
    desired: () => ({
      repositoryName,
      // A tag stands for a content: what it means can never change.
      imageTagMutability: "IMMUTABLE" as const,
      scanOnPush: true,
      lifecyclePolicy: LIFECYCLE_POLICY,
      tags,
    }),
  });
}

function addBuiltImage(
  graph: Graph<AwsContext>,
  { repository: repositoryName, target, buildArgs, platform: asked }: BuildSpec,
  repository: Ref<RepositoryState>,
  { deployment, architecture }: ImageSurroundings,
  { hash, directory, dockerfile }: BuildContext,
): Ref<ImageState> {
  return graph.add({
    kind: builtImageKind,
    name: deployment,
    owner: undefined,
    needs: {
      repository: created(repository),
      architecture: asked === undefined ? created(architecture) : undefined,
    },
    desired: (known) => {
      const platform = asked ?? platformOf(known.architecture?.architecture);
      return {
        repositoryName,
        repositoryUri: known.repository.uri,
        tag: contentTag(hash, { platform, target, buildArgs }),
        platform,
        directory,
        dockerfile,
        target,
        buildArgs,
        tags: {},
      };
    },
  });
}

function platformOf(architecture = "x86_64"): Platform {
  if (isUnknown(architecture)) return UNKNOWN as Platform;
  return architecture === "arm64" ? "linux/arm64" : "linux/amd64";
}
