import type { CreateRepositoryCommandInput, ImageTagMutability, Repository } from "@aws-sdk/client-ecr";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownedArns } from "../aws/owned-arns.js";
import { fromTags, toTagList } from "../aws/tags.js";
import { overriddenFields, overrideEffect } from "../aws/unapplied-override.js";
import { hasChanges } from "../engine/diff.js";
import { UNKNOWN, type Found, type Kind, type Tagged } from "../engine/kind.js";

export interface RepositoryDesired extends Tagged {
  readonly repositoryName: string;
  readonly imageTagMutability: ImageTagMutability;
  readonly scanOnPush: boolean;
  /** ECR's lifecycle policy, parsed. */
  readonly lifecyclePolicy: unknown;
}

export interface RepositoryState {
  readonly repositoryName: string;
  readonly arn: string;
  /** The URI with the registry, which image references begin with. */
  readonly uri: string;
}

/**
 * Expires untagged images only, the remains of interrupted pushes. Everything that quayside pushes has a tag,
 * and a running task or a rollback may need it.
 */
export const LIFECYCLE_POLICY = Object.freeze({
  rules: [
    {
      rulePriority: 1,
      description: "Remains of pushes that were cut off. What has a tag is never removed.",
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 14 },
      action: { type: "expire" },
    },
  ],
});

export const ecrRepositoryKind: Kind<RepositoryDesired, RepositoryState, AwsContext> = {
  kind: "ecr-repository",
  unknown: { repositoryName: UNKNOWN, arn: UNKNOWN, uri: UNKNOWN },

  async read(desired, context) {
    const { repositoryName } = desired;
    const found = await find(repositoryName, context);
    if (found === undefined) return undefined;
    const state = stateOf(found);
    const [policy, tagged] = await Promise.all([
      lifecyclePolicy(repositoryName, context),
      ignoreNotFound(context.aws.ecr.listTagsForResource({ resourceArn: state.arn })),
    ]);
    const { applied, unapplied } = overrideEffect("createRepository", createInput(desired), found, context);
    return {
      state,
      current: {
        repositoryName,
        imageTagMutability: applied.has("imageTagMutability")
          ? desired.imageTagMutability
          : found.imageTagMutability,
        scanOnPush: applied.has("imageScanningConfiguration")
          ? desired.scanOnPush
          : (found.imageScanningConfiguration?.scanOnPush ?? false),
        lifecyclePolicy: policy,
      },
      tags: fromTags(tagged?.tags),
      unapplied,
    };
  },

  async create(desired, context) {
    const { repository } = await context.aws.ecr.createRepository(createInput(desired));
    await putLifecyclePolicy(desired.repositoryName, desired.lifecyclePolicy, context);
    return stateOf(repository ?? {});
  },

  async update(desired, observed, changes, context) {
    const { ecr } = context.aws;
    const { repositoryName } = desired;
    const { imageTagMutability, imageScanningConfiguration } = {
      imageTagMutability: desired.imageTagMutability,
      imageScanningConfiguration: { scanOnPush: desired.scanOnPush },
      ...overriddenFields(changes),
    };
    if (hasChanges(changes, "imageTagMutability", "override.imageTagMutability")) {
      await ecr.putImageTagMutability({ repositoryName, imageTagMutability });
    }
    if (hasChanges(changes, "scanOnPush", "override.imageScanningConfiguration")) {
      await ecr.putImageScanningConfiguration({ repositoryName, imageScanningConfiguration });
    }
    if (hasChanges(changes, "lifecyclePolicy")) {
      await putLifecyclePolicy(repositoryName, desired.lifecyclePolicy, context);
    }
    if (hasChanges(changes, "tags")) {
      await ecr.tagResource({ resourceArn: observed.state.arn, tags: toTagList(desired.tags) });
    }
    return observed.state;
  },

  async delete({ repositoryName }, context) {
    const force = context.deleteImages;
    await ignoreNotFound(context.aws.ecr.deleteRepository({ repositoryName, ...(force && { force }) }));
  },

  async retainReason({ repositoryName }, context) {
    if (context.deleteImages) return undefined;
    const listed = await ignoreNotFound(context.aws.ecr.listImages({ repositoryName, maxResults: 1 }));
    if ((listed?.imageIds ?? []).length === 0) return undefined;
    return "it contains images; destroy({ images: true }) deletes them, too";
  },

  immutable: ["repositoryName", "override.encryptionConfiguration"],
  alreadyExists: (error) => hasErrorCode(error, "RepositoryAlreadyExistsException"),

  async findOwned(owner, context) {
    const owned = await ownedArns(context, owner, "ecr", "repository/");
    const found = await Promise.all(
      owned.map(async ({ rest: name, tags }): Promise<Found<RepositoryState>[]> => {
        // The tagging API may return it for a while after its deletion.
        const repository = await find(name, context);
        return repository === undefined ? [] : [{ name, state: stateOf(repository), tags }];
      }),
    );
    return found.flat();
  },
};

async function find(repositoryName: string, { aws }: AwsContext): Promise<Repository | undefined> {
  const answer = await ignoreNotFound(aws.ecr.describeRepositories({ repositoryNames: [repositoryName] }));
  return answer?.repositories?.[0];
}

async function lifecyclePolicy(repositoryName: string, { aws }: AwsContext): Promise<unknown> {
  try {
    const { lifecyclePolicyText } = await aws.ecr.getLifecyclePolicy({ repositoryName });
    return lifecyclePolicyText === undefined ? undefined : JSON.parse(lifecyclePolicyText);
  } catch (error) {
    if (hasErrorCode(error, "LifecyclePolicyNotFoundException", "RepositoryNotFoundException"))
      return undefined;
    throw error;
  }
}

const putLifecyclePolicy = (repositoryName: string, policy: unknown, { aws }: AwsContext) =>
  aws.ecr.putLifecyclePolicy({ repositoryName, lifecyclePolicyText: JSON.stringify(policy) });

const stateOf = ({
  repositoryName = "",
  repositoryArn = "",
  repositoryUri = "",
}: Repository): RepositoryState => ({ repositoryName, arn: repositoryArn, uri: repositoryUri });

const createInput = ({
  repositoryName,
  imageTagMutability,
  scanOnPush,
  tags,
}: RepositoryDesired): CreateRepositoryCommandInput => ({
  repositoryName,
  imageTagMutability,
  imageScanningConfiguration: { scanOnPush },
  ...(Object.keys(tags).length > 0 && { tags: toTagList(tags) }),
});
