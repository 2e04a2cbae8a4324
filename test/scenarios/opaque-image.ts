import type { LocalCloud } from "../../src/local/index.js";

/** Gives the account the image `talk:1` in a repository of its own, whose content nothing reads. */
export async function pushOpaqueImage({ ports, account }: LocalCloud): Promise<void> {
  await ports.ecr.createRepository({ repositoryName: "talk" });
  const digest = `sha256:${"0".repeat(64)}`;
  const image = {
    digest,
    tags: new Set(["1"]),
    platform: "linux/amd64",
    content: { type: "opaque" },
  } as const;
  account.ecr.repositories.get("talk")!.images.set(digest, image);
}
