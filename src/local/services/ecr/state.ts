import type { EncryptionConfiguration } from "@aws-sdk/client-ecr";
import type { ProcessToRun } from "../../runtime/process-runtime.js";

export interface EcrState {
  /** Keyed by name. */
  readonly repositories: Map<string, EcrRepository>;
}

export interface EcrRepository {
  readonly name: string;
  readonly arn: string;
  readonly uri: string;
  readonly createdAt: Date;
  tagsAreImmutable: boolean;
  scanOnPush: boolean;
  readonly encryption: EncryptionConfiguration;
  lifecyclePolicyText: string | undefined;
  policyText?: string | undefined;
  readonly tags: Map<string, string>;
  /** Keyed by digest. */
  readonly images: Map<string, StoredImage>;
}

export interface StoredImage {
  readonly digest: string;
  readonly tags: Set<string>;
  /** The platform that it was built for; those of an index are separated by commas. */
  readonly platform: string;
  /** The process or Docker image that runs for it on this computer. */
  readonly content: ImageContent;
  /** @defaultValue when its repository was created */
  readonly pushedAt?: Date;
  /** Of an image that was put by hand. */
  readonly manifest?: { readonly text: string; readonly mediaType: string };
}

/** Unknown (the image is simulated), a process of this computer, or an image of its Docker. */
export type ImageContent =
  | { readonly type: "opaque" }
  | { readonly type: "process"; readonly process: ProcessToRun }
  | { readonly type: "docker"; readonly imageId: string };
