import type { Constraints } from "../constraint.js";

const ACCOUNT = "[0-9]{12}";
const REPOSITORY = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*";

/** Of ECR. Source: its API reference. */
export const ECR_CONSTRAINTS: Constraints = {
  acceptedMediaTypes: { min: 1, max: 100 },
  filterType: { enum: "ImageTagMutabilityExclusionFilterType" },
  imageIds: { min: 1, max: 100 },
  imageManifest: { min: 1, max: 4_194_304 },
  imageStatus: { enum: "ImageStatusFilter" },
  imageTag: { min: 1, max: 300 },
  imageTagMutabilityExclusionFilters: { min: 1, max: 5 },
  kmsKey: { min: 1, max: 2048 },
  layerDigests: { min: 1, max: 100 },
  "layerDigests[]": { max: 1000 },
  lifecyclePolicyText: { min: 100, max: 30_720 },
  maxResults: { min: 1, max: 1000 },
  policyText: { max: 10_240 },
  registryId: { pattern: ACCOUNT },
  registryIds: { min: 1, max: 10 },
  "registryIds[]": { pattern: ACCOUNT },
  repositoryName: { min: 2, max: 256, pattern: REPOSITORY },
  repositoryNames: { min: 1, max: 100 },
  "repositoryNames[]": { min: 2, max: 256, pattern: REPOSITORY },
  "ImageTagMutabilityExclusionFilter.filter": { min: 1, max: 128, pattern: "[0-9a-zA-Z._*-]{1,128}" },
};
