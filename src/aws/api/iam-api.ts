import type * as Iam from "@aws-sdk/client-iam";
import type { Operation } from "../operation.js";

export interface IamApi {
  createRole: Operation<Iam.CreateRoleCommandInput, Iam.CreateRoleCommandOutput>;
  createServiceLinkedRole: Operation<
    Iam.CreateServiceLinkedRoleCommandInput,
    Iam.CreateServiceLinkedRoleCommandOutput
  >;
  getRole: Operation<Iam.GetRoleCommandInput, Iam.GetRoleCommandOutput>;
  updateAssumeRolePolicy: Operation<
    Iam.UpdateAssumeRolePolicyCommandInput,
    Iam.UpdateAssumeRolePolicyCommandOutput
  >;
  updateRole: Operation<Iam.UpdateRoleCommandInput, Iam.UpdateRoleCommandOutput>;
  putRolePermissionsBoundary: Operation<
    Iam.PutRolePermissionsBoundaryCommandInput,
    Iam.PutRolePermissionsBoundaryCommandOutput
  >;
  deleteRole: Operation<Iam.DeleteRoleCommandInput, Iam.DeleteRoleCommandOutput>;
  tagRole: Operation<Iam.TagRoleCommandInput, Iam.TagRoleCommandOutput>;
  attachRolePolicy: Operation<Iam.AttachRolePolicyCommandInput, Iam.AttachRolePolicyCommandOutput>;
  detachRolePolicy: Operation<Iam.DetachRolePolicyCommandInput, Iam.DetachRolePolicyCommandOutput>;
  listAttachedRolePolicies: Operation<
    Iam.ListAttachedRolePoliciesCommandInput,
    Iam.ListAttachedRolePoliciesCommandOutput
  >;
  putRolePolicy: Operation<Iam.PutRolePolicyCommandInput, Iam.PutRolePolicyCommandOutput>;
  getRolePolicy: Operation<Iam.GetRolePolicyCommandInput, Iam.GetRolePolicyCommandOutput>;
  listRolePolicies: Operation<Iam.ListRolePoliciesCommandInput, Iam.ListRolePoliciesCommandOutput>;
  deleteRolePolicy: Operation<Iam.DeleteRolePolicyCommandInput, Iam.DeleteRolePolicyCommandOutput>;
  getAccountAuthorizationDetails: Operation<
    Iam.GetAccountAuthorizationDetailsCommandInput,
    Iam.GetAccountAuthorizationDetailsCommandOutput
  >;
  listRoles: Operation<Iam.ListRolesCommandInput, Iam.ListRolesCommandOutput>;
  createInstanceProfile: Operation<
    Iam.CreateInstanceProfileCommandInput,
    Iam.CreateInstanceProfileCommandOutput
  >;
  getInstanceProfile: Operation<Iam.GetInstanceProfileCommandInput, Iam.GetInstanceProfileCommandOutput>;
  deleteInstanceProfile: Operation<
    Iam.DeleteInstanceProfileCommandInput,
    Iam.DeleteInstanceProfileCommandOutput
  >;
  tagInstanceProfile: Operation<Iam.TagInstanceProfileCommandInput, Iam.TagInstanceProfileCommandOutput>;
  addRoleToInstanceProfile: Operation<
    Iam.AddRoleToInstanceProfileCommandInput,
    Iam.AddRoleToInstanceProfileCommandOutput
  >;
  removeRoleFromInstanceProfile: Operation<
    Iam.RemoveRoleFromInstanceProfileCommandInput,
    Iam.RemoveRoleFromInstanceProfileCommandOutput
  >;
  listInstanceProfilesForRole: Operation<
    Iam.ListInstanceProfilesForRoleCommandInput,
    Iam.ListInstanceProfilesForRoleCommandOutput
  >;
}
