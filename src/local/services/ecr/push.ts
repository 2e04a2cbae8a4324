import { TAG_EXISTS } from "../../../docker/image-store.js";
import { QuaysideError } from "../../../errors.js";
import type { Account } from "../../core/account.js";
import type { ImageContent } from "./state.js";

export interface Push {
  /** With its registry. */
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly platform: string;
  readonly content: ImageContent;
}

/** Handles a `docker push` as the registry does. */
export function pushImage(
  account: Pick<Account, "ecr">,
  { repository: uri, tag, digest, platform, content }: Push,
): void {
  const repository = [...account.ecr.repositories.values()].find((each) => each.uri === uri);
  if (repository === undefined) {
    throw new QuaysideError(
      "image-push-failed",
      `The image was not pushed to ${uri}: name unknown: The repository does not exist`,
      { fix: "Run again: the repository is created first." },
    );
  }
  const existing = [...repository.images.values()].find(({ tags }) => tags.has(tag));
  if (existing !== undefined && existing.digest !== digest) {
    if (repository.tagsAreImmutable) {
      throw new QuaysideError(
        TAG_EXISTS,
        `The image was not pushed: tag invalid: The image tag '${tag}' already exists in the '${repository.name}' repository and cannot be overwritten because the tag is immutable.`,
        { fix: "Run again: the tag exists now and is used." },
      );
    }
    existing.tags.delete(tag);
  }
  const stored = repository.images.get(digest) ?? { digest, tags: new Set<string>(), platform, content };
  stored.tags.add(tag);
  repository.images.set(digest, stored);
}
