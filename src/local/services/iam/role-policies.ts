import type { IamApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { nameOf } from "../../core/arn.js";
import { untilConsistent } from "../../core/consistency.js";
import { ServiceError } from "../../core/service-error.js";
import { checkPolicyDocument, encodePolicy } from "./policy-document.js";
import { changeableRole, checkName, findRole, iamPage, noSuchEntity, requireIam } from "./request.js";

type Operations =
  | "attachRolePolicy"
  | "detachRolePolicy"
  | "listAttachedRolePolicies"
  | "putRolePolicy"
  | "getRolePolicy"
  | "listRolePolicies"
  | "deleteRolePolicy";

/** AWS managed policies that a deployment may use, with their paths. */
export const AWS_POLICIES: readonly string[] = [
  "service-role/AmazonEC2ContainerServiceforEC2Role",
  "service-role/AmazonECSTaskExecutionRolePolicy",
  "service-role/AmazonECSInfrastructureRolePolicyForVolumes",
  "service-role/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity",
  "AmazonECSInfrastructureRolePolicyForLoadBalancers",
  "AmazonECSInfrastructureRolePolicyForManagedInstances",
  "AmazonECSInstanceRolePolicyForManagedInstances",
  "AmazonSSMManagedInstanceCore",
  "AmazonSSMReadOnlyAccess",
  "AmazonS3ReadOnlyAccess",
  "AmazonS3FullAccess",
  "AmazonDynamoDBFullAccess",
  "AmazonSQSFullAccess",
  "CloudWatchAgentServerPolicy",
  "CloudWatchLogsFullAccess",
  "AWSXRayDaemonWriteAccess",
  "SecretsManagerReadWrite",
  "ReadOnlyAccess",
  ...["AdministratorAccess", "PowerUserAccess", "SecurityAudit", "job-function/ViewOnlyAccess"],
  ...["AmazonEC2FullAccess", "AmazonEC2ReadOnlyAccess", "AmazonECS_FullAccess", "AmazonVPCFullAccess"],
  ...["AmazonEC2ContainerRegistryFullAccess", "AmazonEC2ContainerRegistryPowerUser"],
  ...["AmazonEC2ContainerRegistryReadOnly", "AmazonEC2ContainerRegistryPullOnly"],
  ...["ElasticLoadBalancingFullAccess", "ElasticLoadBalancingReadOnly", "AutoScalingFullAccess"],
  ...["IAMFullAccess", "IAMReadOnlyAccess", "IAMUserChangePassword", "AmazonSSMFullAccess"],
  ...["CloudWatchFullAccess", "CloudWatchFullAccessV2", "CloudWatchReadOnlyAccess"],
  ...["CloudWatchLogsReadOnlyAccess", "CloudWatchAgentAdminPolicy", "AWSXrayWriteOnlyAccess"],
  ...["AmazonDynamoDBReadOnlyAccess", "AmazonSQSReadOnlyAccess", "AmazonSNSFullAccess"],
  ...["AmazonSNSReadOnlyAccess", "AmazonKinesisFullAccess", "AmazonKinesisReadOnlyAccess"],
  ...["AmazonSESFullAccess", "AmazonRDSFullAccess", "AmazonRDSReadOnlyAccess", "AWSLambda_FullAccess"],
  ...["AmazonElasticFileSystemFullAccess", "AmazonElasticFileSystemReadOnlyAccess"],
  ...["AmazonElasticFileSystemClientFullAccess", "AmazonElasticFileSystemClientReadWriteAccess"],
  ...["AWSAppMeshEnvoyAccess", "AWSCloudMapFullAccess", "AmazonBedrockFullAccess"],
  ...["service-role/AmazonEC2ContainerServiceRole", "service-role/AmazonEC2ContainerServiceEventsRole"],
  ...["service-role/AmazonEC2ContainerServiceAutoscaleRole", "service-role/AWSLambdaBasicExecutionRole"],
  "service-role/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity",
];

/** Rejects a policy that does not exist. */
export function checkAttachable(account: Account, arn: string): void {
  const [, partition, owner, name = ""] = /^arn:([\w-]+):iam::(aws|\d{12}):policy\/(.+)$/.exec(arn) ?? [];
  // IAM knows no other partition: a policy of `arn:aws:` does not exist in China, nor anywhere else.
  if (partition !== account.partition)
    throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  // The account's own customer managed policies are unknown here: any of them counts as existing.
  if (owner !== account.accountId && !(owner === "aws" && AWS_POLICIES.includes(name))) {
    throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  }
}

/** Quota: managed policies of one role. */
const maxAttached = 20;

export function rolePolicies(account: Account): Pick<IamApi, Operations> {
  return {
    async attachRolePolicy(input) {
      requireIam(input, ["RoleName", "PolicyArn"]);
      const role = changeableRole(account, input.RoleName);
      const arn = input.PolicyArn ?? "";
      checkAttachable(account, arn);
      if (!role.attached.has(arn) && role.attached.size >= maxAttached) {
        throw new ServiceError(
          "LimitExceeded",
          `Cannot exceed quota for PoliciesPerRole: ${maxAttached}`,
          409,
        );
      }
      role.attached.add(arn);
      role.permittedAt = account.clock.now() + untilConsistent(account, "rolePolicies");
      return {};
    },

    async detachRolePolicy(input) {
      requireIam(input, ["RoleName", "PolicyArn"]);
      const role = changeableRole(account, input.RoleName);
      if (!role.attached.delete(input.PolicyArn ?? "")) {
        throw noSuchEntity(`Policy ${input.PolicyArn} was not found.`);
      }
      return {};
    },

    async listAttachedRolePolicies(input) {
      requireIam(input, ["RoleName"]);
      const role = findRole(account, input.RoleName);
      const { items, ...rest } = iamPage([...role.attached], input);
      const policies = items.map((arn) => ({ PolicyArn: arn, PolicyName: nameOf(arn) }));
      return { AttachedPolicies: policies, ...rest };
    },

    async putRolePolicy(input) {
      requireIam(input, ["RoleName", "PolicyName", "PolicyDocument"]);
      const role = changeableRole(account, input.RoleName);
      const { PolicyName: name = "", PolicyDocument: document = "" } = input;
      checkName(name, "policyName", 128);
      checkPolicyDocument(document, "permissions");
      const others = [...role.inline].filter(([other]) => other !== name).map(([, text]) => text);
      // The quota counts all inline policies of the role, without white space.
      if ([...others, document].join("").replace(/\s/g, "").length > 10_240) {
        throw new ServiceError(
          "LimitExceeded",
          `Maximum policy size of 10240 bytes exceeded for role ${role.name}`,
          409,
        );
      }
      role.inline.set(name, document);
      role.permittedAt = account.clock.now() + untilConsistent(account, "rolePolicies");
      return {};
    },

    async getRolePolicy(input) {
      requireIam(input, ["RoleName", "PolicyName"]);
      const role = findRole(account, input.RoleName);
      const document = role.inline.get(input.PolicyName ?? "");
      if (document === undefined) throw noPolicy(input.PolicyName);
      return { RoleName: role.name, PolicyName: input.PolicyName, PolicyDocument: encodePolicy(document) };
    },

    async listRolePolicies(input) {
      requireIam(input, ["RoleName"]);
      const { items, ...rest } = iamPage([...findRole(account, input.RoleName).inline.keys()], input);
      return { PolicyNames: items, ...rest };
    },

    async deleteRolePolicy(input) {
      requireIam(input, ["RoleName", "PolicyName"]);
      const role = changeableRole(account, input.RoleName);
      if (!role.inline.delete(input.PolicyName ?? "")) throw noPolicy(input.PolicyName);
      return {};
    },
  };
}

const noPolicy = (name: string | undefined): ServiceError =>
  noSuchEntity(`The role policy with name ${name} cannot be found.`);
