/** Of an image that is in a registry already. */
export interface RegistryImageOptions {
  /**
   * ARN of the Secrets Manager secret that holds the registry's `username` and `password`, for private
   * registries other than ECR.
   */
  readonly credentials?: string | undefined;
}

/** Of a directory with a Dockerfile: how its image is built, and where it is stored. */
export interface DirectoryImageOptions {
  /** The Dockerfile's path, from the directory. @defaultValue `"Dockerfile"` */
  readonly dockerfile?: string | undefined;
  /** The stage to build. @defaultValue the last one */
  readonly target?: string | undefined;
  /** Values for the Dockerfile's `ARG`s. They can be read in the image's history: no place for secrets. */
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
  /** What it is built for. @defaultValue the architecture of the cluster's instances; on Fargate `"linux/amd64"` */
  readonly platform?: "linux/amd64" | "linux/arm64" | undefined;
  /**
   * The ECR repository that it is pushed to. One that exists and is not quayside's is used as it is, and
   * never changed or deleted. @defaultValue one named after the deployment, made and owned by it
   */
  readonly repository?: string | undefined;
}

export type ImageOptions = RegistryImageOptions | DirectoryImageOptions;
