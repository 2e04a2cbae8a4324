import type { BuildContext } from "./build-context.js";

const MB = 1_000_000;
/** Every plan reads all of the context, and every build sends it to Docker. */
const LARGE = 100 * MB;
const SHOWN = 3;

/** Warnings about the build context. */
export function contextWarnings(context: BuildContext | undefined): string[] {
  if (context === undefined || context.bytes <= LARGE) return [];
  const largest = context.largest.slice(0, SHOWN).map(({ name, bytes }) => `${name} (${megabytes(bytes)})`);
  return [
    `the build context ${context.directory} is ${megabytes(context.bytes)} large, mostly ${largest.join(", ")}: exclude files that the image does not need with .dockerignore`,
  ];
}

const megabytes = (bytes: number): string => `${Math.round(bytes / MB)} MB`;
