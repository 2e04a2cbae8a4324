import type { Account } from "../core/account.js";

export const imagesSnapshot = ({ ecr }: Account) => ({
  repositories: Object.fromEntries(
    [...ecr.repositories.values()].map((repository) => [
      repository.name,
      {
        tagsAreImmutable: repository.tagsAreImmutable,
        scanOnPush: repository.scanOnPush,
        lifecyclePolicy: repository.lifecyclePolicyText,
        tags: Object.fromEntries(repository.tags),
        images: Object.fromEntries(
          [...repository.images.values()].map(({ digest, tags }) => [digest, [...tags].sort()]),
        ),
      },
    ]),
  ),
});
