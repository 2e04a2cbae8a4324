import type * as Ecr from "@aws-sdk/client-ecr";
import type { Operation } from "../operation.js";

export interface EcrApi {
  createRepository: Operation<Ecr.CreateRepositoryCommandInput, Ecr.CreateRepositoryCommandOutput>;
  describeRepositories: Operation<
    Ecr.DescribeRepositoriesCommandInput,
    Ecr.DescribeRepositoriesCommandOutput
  >;
  putImageTagMutability: Operation<
    Ecr.PutImageTagMutabilityCommandInput,
    Ecr.PutImageTagMutabilityCommandOutput
  >;
  putImageScanningConfiguration: Operation<
    Ecr.PutImageScanningConfigurationCommandInput,
    Ecr.PutImageScanningConfigurationCommandOutput
  >;
  getLifecyclePolicy: Operation<Ecr.GetLifecyclePolicyCommandInput, Ecr.GetLifecyclePolicyCommandOutput>;
  putLifecyclePolicy: Operation<Ecr.PutLifecyclePolicyCommandInput, Ecr.PutLifecyclePolicyCommandOutput>;
  deleteRepository: Operation<Ecr.DeleteRepositoryCommandInput, Ecr.DeleteRepositoryCommandOutput>;
  listTagsForResource: Operation<Ecr.ListTagsForResourceCommandInput, Ecr.ListTagsForResourceCommandOutput>;
  tagResource: Operation<Ecr.TagResourceCommandInput, Ecr.TagResourceCommandOutput>;
  listImages: Operation<Ecr.ListImagesCommandInput, Ecr.ListImagesCommandOutput>;
  batchGetImage: Operation<Ecr.BatchGetImageCommandInput, Ecr.BatchGetImageCommandOutput>;
  getAuthorizationToken: Operation<
    Ecr.GetAuthorizationTokenCommandInput,
    Ecr.GetAuthorizationTokenCommandOutput
  >;
}
