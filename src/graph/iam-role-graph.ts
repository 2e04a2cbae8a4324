import type { AwsContext } from "../aws/context.js";
import type { Graph, NeededStates, Needs, Ref } from "../engine/graph.js";
import { iamRoleKind, type IamRoleDesired, type IamRoleState } from "../iam/iam-role.js";
import { iamPath, regionalTags } from "../iam/region.js";
import { regionalRoleName } from "../iam/role-name.js";
import type { TaskSpec } from "../spec/deployment-spec.js";

export interface RoleToAdd<N extends Needs> extends Pick<IamRoleDesired, "service" | "description"> {
  /** Returns the role's name, with a region or without. */
  readonly roleName: (region?: string) => string;
  readonly needs: N;
  readonly policies: (known: NeededStates<N>) => {
    /** ARNs. */
    readonly managed?: readonly string[];
    /** Name -> policy document. */
    readonly inline?: Readonly<Record<string, unknown>>;
  };
}

/** Adds an IAM role of the deployment or the job, which one AWS service can assume. */
export async function addRole<N extends Needs>(
  graph: Graph<AwsContext>,
  { tags }: Pick<TaskSpec, "tags">,
  owner: string,
  context: AwsContext,
  { roleName: nameOf, service, description, needs, policies }: RoleToAdd<N>,
): Promise<Ref<IamRoleState>> {
  const roleName = await regionalRoleName(nameOf, owner, context);
  return graph.add({
    kind: iamRoleKind,
    name: roleName,
    owner,
    needs,
    desired: (known) => {
      const { managed = [], inline = {} } = policies(known);
      return {
        roleName,
        path: iamPath(owner, context),
        service,
        managedPolicies: managed,
        inlinePolicies: inline,
        description,
        tags: regionalTags(tags, context),
      };
    },
  });
}
