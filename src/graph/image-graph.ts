import type { AwsContext } from "../aws/context.js";
import { hostArchitecturesKind, type HostArchitecturesState } from "../cluster/host-architectures.js";
import type { Architecture } from "../cluster/instance-type.js";
import { readBuildContext, type BuildContext } from "../docker/build-context.js";
import type { BuildPlatform, Platform } from "../docker/image-store.js";
import { offClock } from "../engine/clock.js";
import { created, type Graph, type GraphPurpose, type Ref } from "../engine/graph.js";
import { isUnknown, UNKNOWN } from "../engine/kind.js";
import { builtImageKind, contentTag, type ImageState } from "../image/built-image.js";
import { ecrRepositoryKind, LIFECYCLE_POLICY, type RepositoryState } from "../image/ecr-repository.js";
import { ecrImage, registryImageKind } from "../image/registry-image.js";
import type { ImageSpec } from "../spec/image.js";
import type { BuildSpec } from "../spec/build.js";

export interface ImageInputs {
  readonly deployment: string;
  readonly owner: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly clusterName: string;
  /** The architecture of the cluster's instances; `undefined` means x86_64. */
  readonly architecture: Ref<{ readonly architecture: Architecture }> | undefined;
  /** The platform of the task; `undefined`: that of the instances. */
  readonly platform: Platform | undefined;
  /** A destroy needs no image, only its repository. */
  readonly purpose: GraphPurpose;
  /** The content of the directory; `undefined` if no image is built. */
  readonly sources: BuildContext | undefined;
}

/** The content of the directory that the image is built from; `undefined` if the image is not built. */
export const readSources = async (
  { build }: Pick<ImageSpec, "build">,
  { clock, signal }: Pick<AwsContext, "clock" | "signal">,
): Promise<BuildContext | undefined> => build && offClock(clock, () => readBuildContext(build, signal));

/** Adds the image if it is built or looked up; `undefined` means that its reference is used as it is written. */
export function addImage(
  graph: Graph<AwsContext>,
  { build, reference }: Pick<ImageSpec, "build" | "reference">,
  context: Pick<AwsContext, "region">,
  inputs: ImageInputs,
): Ref<ImageState> | undefined {
  if (build !== undefined) {
    const repository = addRepository(graph, build, inputs);
    return inputs.sources && addBuiltImage(graph, build, repository, inputs, inputs.sources);
  }
  return inputs.purpose === "destroy" ? undefined : addRegistryImage(graph, reference, context);
}

/** Adds the lookup of an image in ECR; `undefined` means that its reference is used as it is written. */
function addRegistryImage(
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
  { owner, tags }: ImageInputs,
): Ref<RepositoryState> {
  return graph.add({
    kind: ecrRepositoryKind,
    name: repositoryName,
    owner,
    claim,
    needs: {},
    desired: () => ({
      repositoryName,
      // A tag is derived from the content of the image, so it must never point to another image.
      imageTagMutability: "IMMUTABLE" as const,
      scanOnPush: true,
      lifecyclePolicy: LIFECYCLE_POLICY,
      tags,
    }),
  });
}

function addBuiltImage(
  graph: Graph<AwsContext>,
  { repository: repositoryName, target, buildArgs, secrets, ssh, platform, contexts }: BuildSpec,
  repository: Ref<RepositoryState>,
  { deployment, clusterName, architecture, platform: taskPlatform }: ImageInputs,
  { hash, directory, dockerfile }: BuildContext,
): Ref<ImageState> {
  const asked = platform ?? taskPlatform;
  const followsHosts = asked === undefined && architecture !== undefined;
  const hosts = followsHosts
    ? graph.add({
        kind: hostArchitecturesKind,
        name: clusterName,
        owner: undefined,
        needs: {},
        desired: () => ({ clusterName, tags: {} }),
      })
    : undefined;
  return graph.add({
    kind: builtImageKind,
    name: deployment,
    owner: undefined,
    needs: {
      repository: created(repository),
      architecture: asked === undefined ? created(architecture) : undefined,
      hosts: created(hosts),
    },
    desired: (known) => {
      const platform = asked ?? hostPlatform(known.architecture?.architecture, known.hosts?.running ?? {});
      const both = contentTag(hash, { platform: BOTH, target, buildArgs });
      return {
        repositoryName,
        repositoryUri: known.repository.uri,
        tag: contentTag(hash, { platform, target, buildArgs }),
        // What was built while the hosts moved serves on.
        ...(followsHosts && platform !== BOTH && { tagOfBoth: both }),
        platform,
        directory,
        dockerfile,
        target,
        buildArgs,
        secrets,
        ssh,
        contexts,
        tags: {},
      };
    },
  });
}

/**
 * The platform of an image that follows the hosts of its cluster. While hosts of the other architecture run, which are to
 * be replaced, it is for both: it may be started on each of them.
 */
function hostPlatform(
  described: Architecture | undefined,
  running: HostArchitecturesState["running"],
): BuildPlatform {
  const other = described === "arm64" ? "x86_64" : "arm64";
  const isMoving = described !== undefined && !isUnknown(described) && (running[other] ?? 0) > 0;
  return isMoving ? BOTH : platformOf(described);
}

const BOTH = "linux/amd64,linux/arm64";

function platformOf(architecture = "x86_64"): Platform {
  if (isUnknown(architecture)) return UNKNOWN as Platform;
  return architecture === "arm64" ? "linux/arm64" : "linux/amd64";
}
