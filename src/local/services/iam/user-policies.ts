import type * as Iam from "@aws-sdk/client-iam";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { nameOf } from "../../core/arn.js";
import { ServiceError } from "../../core/service-error.js";
import { checkPolicyDocument, encodePolicy } from "./policy-document.js";
import { checkName, findUser, iamPage, noSuchEntity, requireIam } from "./request.js";
import { checkAttachable } from "./role-policies.js";

/** The policies of IAM users. */
export const userPolicies = (account: Account) => ({
  async attachUserPolicy(input: Iam.AttachUserPolicyCommandInput): Answer<Iam.AttachUserPolicyCommandOutput> {
    requireIam(input, ["UserName", "PolicyArn"]);
    const { attached } = findUser(account, input.UserName);
    checkAttachable(account, input.PolicyArn ?? "");
    attached.add(input.PolicyArn ?? "");
    return {};
  },

  async detachUserPolicy(input: Iam.DetachUserPolicyCommandInput): Answer<Iam.DetachUserPolicyCommandOutput> {
    requireIam(input, ["UserName", "PolicyArn"]);
    const { attached } = findUser(account, input.UserName);
    if (!attached.delete(input.PolicyArn ?? ""))
      throw noSuchEntity(`Policy ${input.PolicyArn} was not found.`);
    return {};
  },

  async listAttachedUserPolicies(
    input: Iam.ListAttachedUserPoliciesCommandInput,
  ): Answer<Iam.ListAttachedUserPoliciesCommandOutput> {
    requireIam(input, ["UserName"]);
    const { items, ...rest } = iamPage([...findUser(account, input.UserName).attached], input);
    const policies = items.map((arn) => ({ PolicyArn: arn, PolicyName: nameOf(arn) }));
    return { AttachedPolicies: policies, ...rest };
  },

  async putUserPolicy(input: Iam.PutUserPolicyCommandInput): Answer<Iam.PutUserPolicyCommandOutput> {
    requireIam(input, ["UserName", "PolicyName", "PolicyDocument"]);
    const { name, inline } = findUser(account, input.UserName);
    const { PolicyName: policy = "", PolicyDocument: document = "" } = input;
    checkName(policy, "policyName", 128);
    checkPolicyDocument(document, "permissions");
    const others = [...inline].filter(([other]) => other !== policy).map(([, text]) => text);
    // The quota counts all inline policies of the user, without white space.
    if ([...others, document].join("").replace(/\s/g, "").length > 2048)
      throw new ServiceError(
        "LimitExceeded",
        `Maximum policy size of 2048 bytes exceeded for user ${name}`,
        409,
      );
    inline.set(policy, document);
    return {};
  },

  async getUserPolicy(input: Iam.GetUserPolicyCommandInput): Answer<Iam.GetUserPolicyCommandOutput> {
    requireIam(input, ["UserName", "PolicyName"]);
    const { name, inline } = findUser(account, input.UserName);
    const document = inline.get(input.PolicyName ?? "");
    if (document === undefined) throw noPolicy(input.PolicyName);
    return { UserName: name, PolicyName: input.PolicyName, PolicyDocument: encodePolicy(document) };
  },

  async listUserPolicies(input: Iam.ListUserPoliciesCommandInput): Answer<Iam.ListUserPoliciesCommandOutput> {
    requireIam(input, ["UserName"]);
    const { items, ...rest } = iamPage([...findUser(account, input.UserName).inline.keys()], input);
    return { PolicyNames: items, ...rest };
  },

  async deleteUserPolicy(input: Iam.DeleteUserPolicyCommandInput): Answer<Iam.DeleteUserPolicyCommandOutput> {
    requireIam(input, ["UserName", "PolicyName"]);
    if (!findUser(account, input.UserName).inline.delete(input.PolicyName ?? ""))
      throw noPolicy(input.PolicyName);
    return {};
  },
});

const noPolicy = (name: string | undefined): ServiceError =>
  noSuchEntity(`The user policy with name ${name} cannot be found.`);
