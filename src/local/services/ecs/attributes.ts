import type * as Ecs from "@aws-sdk/client-ecs";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { arnOf, nameOf } from "../../core/arn.js";
import { ServiceError } from "../../core/service-error.js";
import { findCluster } from "./clusters/clusters.js";
import { attributesOf } from "./clusters/container-instance-resources.js";
import { ecsPage } from "./ecs-page.js";
import { invalidParameter } from "./service-errors.js";
import type { Cluster, ContainerInstance } from "./state.js";

/** Custom attributes of container instances, for placement. */
export const createAttributeHandlers = (account: Account) => ({
  async putAttributes(input: Ecs.PutAttributesCommandInput): Answer<Ecs.PutAttributesCommandOutput> {
    const cluster = findCluster(account, input.cluster);
    const attributes = input.attributes ?? [];
    for (const { name = "", value = "", targetId } of attributes) {
      if (!/^[\w.\-/\\]{1,128}$/.test(name)) throw invalidParameter(`Invalid attribute name: ${name}`);
      if (value.length > 128) throw invalidParameter(`Invalid attribute value: ${value}`);
      instanceOf(account, cluster, targetId);
    }
    for (const { name = "", value = "", targetId } of attributes)
      instanceOf(account, cluster, targetId).customAttributes.set(name, value);
    return { attributes };
  },

  async deleteAttributes(input: Ecs.DeleteAttributesCommandInput): Answer<Ecs.DeleteAttributesCommandOutput> {
    const cluster = findCluster(account, input.cluster);
    const attributes = input.attributes ?? [];
    for (const { name = "", targetId } of attributes)
      instanceOf(account, cluster, targetId).customAttributes.delete(name);
    return { attributes };
  },

  async listAttributes(input: Ecs.ListAttributesCommandInput): Answer<Ecs.ListAttributesCommandOutput> {
    const cluster = findCluster(account, input.cluster);
    const all = [...cluster.containerInstances.values()].flatMap((instance) =>
      Object.entries(attributesOf(instance)).map(([name, value]) => ({
        name,
        value,
        targetId: instance.arn,
      })),
    );
    const found = all.filter(
      ({ name, value }) =>
        (input.attributeName === undefined || name === input.attributeName) &&
        (input.attributeValue === undefined || value === input.attributeValue),
    );
    const { items, next } = ecsPage(found, input);
    return { attributes: items, ...next };
  },
});

function instanceOf(account: Account, cluster: Cluster, id: string | undefined): ContainerInstance {
  const arn = arnOf(account, "ecs", `container-instance/${cluster.name}/${nameOf(id ?? "")}`);
  const found = cluster.containerInstances.get(arn);
  if (found !== undefined) return found;
  throw new ServiceError("TargetNotFoundException", `Target ${id} was not found.`);
}
