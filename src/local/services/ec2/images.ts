import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { applyFilters } from "./filters.js";
import { byIds, ec2Page } from "./request.js";

const FIRST = new Date(Date.UTC(2025, 11, 9));
const noTags: ReadonlyMap<string, string> = new Map();

export function images(account: Account): Pick<Ec2Api, "describeImages"> {
  return {
    async describeImages(input) {
      for (const id of input.ImageIds ?? []) {
        if (!/^ami-[0-9a-f]+$/.test(id))
          throw new ServiceError("InvalidAMIID.Malformed", `Invalid id: "${id}" (expecting "ami-...")`);
      }
      const known = byIds(
        new Map(account.ec2.machineImages.map((image) => [image.id, image])),
        input.ImageIds,
        (id) => new ServiceError("InvalidAMIID.NotFound", `The image id '[${id}]' does not exist`),
      );
      const found = applyFilters(
        known,
        input.Filters,
        {
          "image-id": (image) => [image.id],
          name: (image) => [image.name],
          architecture: (image) => [image.architecture],
        },
        () => noTags,
      );
      const { items, nextToken } = ec2Page(found, input, { min: 1, max: 1000 });
      return {
        Images: items.map(({ id, name, architecture, createdAt = FIRST }) => ({
          CreationDate: createdAt.toISOString(),
          ImageId: id,
          Name: name,
          Architecture: architecture,
          State: "available" as const,
          Public: true,
          OwnerId: "591542846629",
          ImageOwnerAlias: "amazon",
          PlatformDetails: "Linux/UNIX",
        })),
        NextToken: nextToken,
      };
    },
  };
}
