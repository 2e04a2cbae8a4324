import type { StoredImage } from "./state.js";

const MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
const INDEX = "application/vnd.oci.image.index.v1+json";

/** The type of an image's manifest; an image for several platforms is an index. */
export const mediaTypeOf = ({ manifest, platform }: StoredImage): string =>
  manifest?.mediaType ?? (platform.includes(",") ? INDEX : MANIFEST);

/** The type that the text of a manifest says. */
export const typeOfManifest = (text: string): string => parse(text).mediaType ?? MANIFEST;

/** The platforms of the images of an index; of an image's own manifest, which does not say it, the usual one. */
export function platformsOfManifest(text: string): string {
  const platforms = (parse(text).manifests ?? []).flatMap(({ platform }) =>
    platform?.os === "linux" ? [`linux/${platform.architecture}`] : [],
  );
  return platforms.length === 0 ? "linux/amd64" : [...new Set(platforms)].sort().join(",");
}

interface Manifest {
  readonly mediaType?: string;
  readonly manifests?: readonly {
    readonly platform?: { readonly os?: string; readonly architecture?: string };
  }[];
}

function parse(text: string): Manifest {
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    return {};
  }
}
