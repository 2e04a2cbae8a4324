export interface ImageReference {
  /** The host and port; `undefined`: Docker Hub. */
  readonly registry: string | undefined;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

const COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const REPOSITORY = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const REGISTRY = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?$/;

/** ECS refuses more: "Container.image should be 255 characters or less". */
const MAX_LENGTH = 255;

/**
 * Parses an image reference. Returns `undefined` for an invalid one.
 * The grammar is that of distribution/reference, which Docker, ECR and ECS use.
 */
export function parseImageReference(text: string): ImageReference | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const [beforeDigest, digest, ...more] = text.split("@");
  if (beforeDigest === undefined || more.length > 0) return undefined;
  if (digest !== undefined && !DIGEST.test(digest)) return undefined;

  const slash = beforeDigest.indexOf("/");
  const first = slash < 0 ? "" : beforeDigest.slice(0, slash);
  // Docker's rule: a host has a dot or a port, or is localhost.
  const hasRegistry = first === "localhost" || /[.:]/.test(first);
  const registry = hasRegistry ? first : undefined;
  if (registry !== undefined && !REGISTRY.test(registry)) return undefined;

  const rest = hasRegistry ? beforeDigest.slice(slash + 1) : beforeDigest;
  const colon = rest.lastIndexOf(":");
  const repository = colon < 0 ? rest : rest.slice(0, colon);
  const tag = colon < 0 ? undefined : rest.slice(colon + 1);
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  if (!REPOSITORY.test(repository) || repository.length > 255) return undefined;
  return { registry, repository, tag, digest };
}
