import type { BuildSecrets } from "./build-secrets.js";

/** Builds and stores the images of a cloud: Docker and ECR on AWS. */
export interface ImageStore {
  /** Rejects, with a fix, if no image can be built here now. */
  check(signal: AbortSignal): Promise<void>;

  /**
   * Builds the ordered image and stores it as `repository:tag`.
   *
   * @returns the digest under which the registry stores it: `sha256:…`
   */
  build(order: ImageOrder, run: ImageRun): Promise<string>;
}

export interface ImageOrder extends BuildSecrets {
  /** Absolute. */
  readonly directory: string;
  /** Absolute. */
  readonly dockerfile: string;
  readonly target: string | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** As Docker writes it: several are separated by commas. */
  readonly platform: BuildPlatform;
  /** With its registry: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/talk-service`. */
  readonly repository: string;
  readonly tag: string;
}

export type Platform = "linux/amd64" | "linux/arm64";

/** The platform of an image, or those of an index. */
export type BuildPlatform = Platform | "linux/amd64,linux/arm64";

/** The parts of a run that its builds and pushes use. */
export interface ImageRun {
  readonly signal: AbortSignal;
  /**
   * Returns fresh credentials of the registry. Called when they are needed, and again when they have expired.
   */
  readonly login: () => Promise<RegistryLogin>;
  /** Called between the build and the push. Rejects if the sources no longer match the tag. */
  readonly confirm: () => Promise<void>;
  readonly progress: (progress: ImageProgress) => void;
}

export interface RegistryLogin {
  /** As in image references, without `https://`. */
  readonly registry: string;
  readonly username: string;
  readonly password: string;
}

export interface ImageProgress {
  readonly phase: "context" | "build" | "push";
  /** `COPY server.mjs ./`. */
  readonly text: string;
  readonly done?: number;
  readonly total?: number;
  readonly unit?: "steps" | "layers" | "bytes";
}

/** The error code for an immutable tag that already exists in the registry. */
export const TAG_EXISTS = "image-tag-exists";
