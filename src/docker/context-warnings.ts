import type { BuildContext } from "./build-context.js";

const MB = 1_000_000;
/** All of it is read for every plan, and sent to Docker for every build. */
const LARGE = 100 * MB;
const SHOWN = 3;

/** What the user should know of the directory that is built. */
export function contextWarnings(context: BuildContext | undefined): string[] {
  if (context === undefined || context.bytes <= LARGE) return [];
  const largest = context.largest.slice(0, SHOWN).map(({ name, bytes }) => `${name} (${megabytes(bytes)})`);
  return [
    `the build context ${context.directory} has ${megabytes(context.bytes)}, most of it in ${largest.join(", ")}: exclude what the image does not need with .dockerignore`,
  ];
}

const megabytes = (bytes: number): string => `${Math.round(bytes / MB)} MB`;
