/**
 * The entry for an image reference. Names match with or without registry, path, tag and digest, and the longest
 * name wins: `talk-service:2` before `talk-service`.
 */
export function entryForImage<Entry>(
  table: Readonly<Record<string, Entry>>,
  reference: string,
): { readonly name: string; readonly entry: Entry } | undefined {
  const names = namesOf(reference);
  let best: { name: string; entry: Entry } | undefined;
  for (const [name, entry] of Object.entries(table)) {
    if (names.has(name) && name.length > (best?.name.length ?? 0)) best = { name, entry };
  }
  return best;
}

function namesOf(reference: string): Set<string> {
  const [withoutDigest = "", digest] = reference.split("@");
  const colon = withoutDigest.indexOf(":", withoutDigest.lastIndexOf("/") + 1);
  const path = colon === -1 ? withoutDigest : withoutDigest.slice(0, colon);
  const tag = colon === -1 ? undefined : withoutDigest.slice(colon);
  const segments = path.split("/");
  const names = new Set<string>();
  for (let start = 0; start < segments.length; start++) {
    const name = segments.slice(start).join("/");
    names.add(name);
    if (tag !== undefined) names.add(name + tag);
    if (digest !== undefined) names.add(`${name}@${digest}`);
    if (tag !== undefined && digest !== undefined) names.add(`${name}${tag}@${digest}`);
  }
  // An image without tag and digest is the one with the tag `latest`.
  if (tag === undefined && digest === undefined) for (const name of [...names]) names.add(`${name}:latest`);
  return names;
}
