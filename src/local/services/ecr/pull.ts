import type { Account } from "../../core/account.js";
import type { StoredImage } from "./state.js";

/**
 * The image that a reference to this account's registry names; `"elsewhere"` if the reference is to another
 * registry.
 */
export function pullImage(
  { ecr, accountId, region }: Pick<Account, "ecr" | "accountId" | "region">,
  reference: string,
): StoredImage | "elsewhere" | undefined {
  const [withoutDigest = "", digest] = reference.split("@");
  const slash = withoutDigest.indexOf("/");
  if (!withoutDigest.startsWith(`${accountId}.dkr.ecr.${region}.`) || slash < 0) return "elsewhere";
  const [, name = "", tag] = /^(.*?)(?::([^:/]+))?$/.exec(withoutDigest.slice(slash + 1)) ?? [];
  const images = ecr.repositories.get(name)?.images;
  if (digest !== undefined) return images?.get(digest);
  return [...(images?.values() ?? [])].find(({ tags }) => tags.has(tag ?? "latest"));
}
