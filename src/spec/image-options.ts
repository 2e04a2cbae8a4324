export interface ImageOptions {
  /**
   * ARN of the Secrets Manager secret that holds the registry's `username` and `password`, for private
   * registries other than ECR.
   */
  readonly credentials?: string | undefined;
}
