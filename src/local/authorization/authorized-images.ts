import type { PolicyDocument } from "../../aws/policy-document.js";
import type { ImageStore } from "../../docker/image-store.js";
import { QuaysideError } from "../../errors.js";
import type { Account } from "../core/account.js";
import { arnOf } from "../core/arn.js";
import { evaluatePolicy } from "./evaluate-policy.js";

/**
 * What `docker push` calls in ECR. Source: ECR User Guide, "Required IAM permissions for pushing an image".
 */
const PUSH = [
  "ecr:BatchCheckLayerAvailability",
  "ecr:InitiateLayerUpload",
  "ecr:UploadLayerPart",
  "ecr:CompleteLayerUpload",
  "ecr:PutImage",
];

/** Refuses pushes that the caller's policy does not allow. */
export const authorizedImages = (
  images: ImageStore,
  caller: () => PolicyDocument | undefined,
  account: Account,
): ImageStore => ({
  check: (signal) => images.check(signal),
  build: (order, run) =>
    images.build(order, {
      ...run,
      confirm: async () => {
        await run.confirm();
        const name = order.repository.slice(order.repository.indexOf("/") + 1);
        const resource = arnOf(account, "ecr", `repository/${name}`);
        const policy = caller();
        const denied =
          policy &&
          PUSH.find((action) => evaluatePolicy(policy, action, resource, () => undefined) !== "allowed");
        if (denied === undefined) return;
        throw new QuaysideError(
          "image-push-failed",
          `Image ${order.repository}:${order.tag} was not pushed: the caller is not authorized to perform: ${denied} on resource: ${resource}`,
        );
      },
    }),
});
