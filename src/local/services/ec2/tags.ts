import type * as Ec2 from "@aws-sdk/client-ec2";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { taggableResource } from "./create-tags.js";
import { applyFilters } from "./filters.js";
import { ec2Page, requireEc2 } from "./request.js";

interface ResourceTag {
  readonly type: Ec2.ResourceType;
  readonly id: string;
  readonly key: string;
  readonly value: string;
}

interface TaggedEc2Resource {
  readonly type: Ec2.ResourceType;
  readonly id: string;
  readonly tags: ReadonlyMap<string, string>;
}

/** The tags of EC2's resources, besides setting them. */
export const tags = (account: Account) => ({
  async describeTags(input: Ec2.DescribeTagsCommandInput): Answer<Ec2.DescribeTagsCommandOutput> {
    const found = applyFilters(
      allTags(account),
      input.Filters,
      {
        "resource-id": ({ id }) => [id],
        "resource-type": ({ type }) => [type],
        key: ({ key }) => [key],
        value: ({ value }) => [value],
      },
      ({ key, value }) => new Map([[key, value]]),
    );
    const { items, nextToken } = ec2Page(found, input);
    return {
      Tags: items.map(({ type, id, key, value }) => ({
        ResourceType: type,
        ResourceId: id,
        Key: key,
        Value: value,
      })),
      NextToken: nextToken,
    };
  },

  /** Without tags in the request, all of them are deleted; with a value, only a tag that has it. */
  async deleteTags(input: Ec2.DeleteTagsCommandInput): Answer<Ec2.DeleteTagsCommandOutput> {
    requireEc2(input, ["Resources"]);
    const resources = (input.Resources ?? []).map((id) => taggableResource(account, id));
    for (const { tags: own } of resources) {
      const doomed = input.Tags ?? [...own.keys()].map((Key): Ec2.Tag => ({ Key }));
      for (const { Key = "", Value } of doomed)
        if (Value === undefined || own.get(Key) === Value) own.delete(Key);
    }
    return {};
  },
});

function* allTags({ ec2 }: Account): Iterable<ResourceTag> {
  for (const { type, id, tags } of taggedEc2Resources(ec2))
    for (const [key, value] of tags) yield { type, id, key, value };
}

/** EC2's resources that have tags; an instance stays among them for a while after its end. */
export function* taggedEc2Resources(ec2: Account["ec2"]): Iterable<TaggedEc2Resource> {
  const kinds = {
    vpc: ec2.vpcs,
    subnet: ec2.subnets,
    "security-group": ec2.securityGroups,
    "key-pair": ec2.keyPairs,
    "launch-template": ec2.launchTemplates,
    instance: ec2.instances,
    "internet-gateway": ec2.internetGateways,
    "route-table": ec2.routeTables,
    "elastic-ip": ec2.addresses,
    natgateway: ec2.natGateways,
    "vpc-endpoint": ec2.vpcEndpoints,
  } as const satisfies Partial<Record<Ec2.ResourceType, unknown>>;
  for (const [type, resources] of Object.entries(kinds))
    for (const { id, tags } of resources.values()) yield { type: type as Ec2.ResourceType, id, tags };
  for (const { rules } of ec2.securityGroups.values())
    for (const { id, tags } of rules.values()) yield { type: "security-group-rule", id, tags };
}
