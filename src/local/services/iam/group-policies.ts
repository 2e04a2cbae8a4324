import type * as Iam from "@aws-sdk/client-iam";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { nameOf } from "../../core/arn.js";
import { ServiceError } from "../../core/service-error.js";
import { checkPolicyDocument, encodePolicy } from "./policy-document.js";
import { checkName, findGroup, iamPage, noSuchEntity, requireIam } from "./request.js";
import { checkAttachable } from "./role-policies.js";

/** The policies of IAM groups. */
export const groupPolicies = (account: Account) => ({
  async attachGroupPolicy(
    input: Iam.AttachGroupPolicyCommandInput,
  ): Answer<Iam.AttachGroupPolicyCommandOutput> {
    requireIam(input, ["GroupName", "PolicyArn"]);
    const { attached } = findGroup(account, input.GroupName);
    checkAttachable(account, input.PolicyArn ?? "");
    attached.add(input.PolicyArn ?? "");
    return {};
  },

  async detachGroupPolicy(
    input: Iam.DetachGroupPolicyCommandInput,
  ): Answer<Iam.DetachGroupPolicyCommandOutput> {
    requireIam(input, ["GroupName", "PolicyArn"]);
    const { attached } = findGroup(account, input.GroupName);
    if (!attached.delete(input.PolicyArn ?? ""))
      throw noSuchEntity(`Policy ${input.PolicyArn} was not found.`);
    return {};
  },

  async listAttachedGroupPolicies(
    input: Iam.ListAttachedGroupPoliciesCommandInput,
  ): Answer<Iam.ListAttachedGroupPoliciesCommandOutput> {
    requireIam(input, ["GroupName"]);
    const { items, ...rest } = iamPage([...findGroup(account, input.GroupName).attached], input);
    const policies = items.map((arn) => ({ PolicyArn: arn, PolicyName: nameOf(arn) }));
    return { AttachedPolicies: policies, ...rest };
  },

  async putGroupPolicy(input: Iam.PutGroupPolicyCommandInput): Answer<Iam.PutGroupPolicyCommandOutput> {
    requireIam(input, ["GroupName", "PolicyName", "PolicyDocument"]);
    const { name, inline } = findGroup(account, input.GroupName);
    const { PolicyName: policy = "", PolicyDocument: document = "" } = input;
    checkName(policy, "policyName", 128);
    checkPolicyDocument(document, "permissions");
    const others = [...inline].filter(([other]) => other !== policy).map(([, text]) => text);
    // The quota counts all inline policies of the group, without white space.
    if ([...others, document].join("").replace(/\s/g, "").length > 5120)
      throw new ServiceError(
        "LimitExceeded",
        `Maximum policy size of 5120 bytes exceeded for group ${name}`,
        409,
      );
    inline.set(policy, document);
    return {};
  },

  async getGroupPolicy(input: Iam.GetGroupPolicyCommandInput): Answer<Iam.GetGroupPolicyCommandOutput> {
    requireIam(input, ["GroupName", "PolicyName"]);
    const { name, inline } = findGroup(account, input.GroupName);
    const document = inline.get(input.PolicyName ?? "");
    if (document === undefined) throw noPolicy(input.PolicyName);
    return { GroupName: name, PolicyName: input.PolicyName, PolicyDocument: encodePolicy(document) };
  },

  async listGroupPolicies(
    input: Iam.ListGroupPoliciesCommandInput,
  ): Answer<Iam.ListGroupPoliciesCommandOutput> {
    requireIam(input, ["GroupName"]);
    const { items, ...rest } = iamPage([...findGroup(account, input.GroupName).inline.keys()], input);
    return { PolicyNames: items, ...rest };
  },

  async deleteGroupPolicy(
    input: Iam.DeleteGroupPolicyCommandInput,
  ): Answer<Iam.DeleteGroupPolicyCommandOutput> {
    requireIam(input, ["GroupName", "PolicyName"]);
    if (!findGroup(account, input.GroupName).inline.delete(input.PolicyName ?? ""))
      throw noPolicy(input.PolicyName);
    return {};
  },
});

const noPolicy = (name: string | undefined): ServiceError =>
  noSuchEntity(`The group policy with name ${name} cannot be found.`);
