import type { AwsContext } from "../aws/context.js";
import type { Graph, NeededStates, Needs, Ref } from "../engine/graph.js";
import { iamRoleKind, type IamRoleDesired, type IamRoleState } from "../iam/iam-role.js";
import type { TaskSpec } from "../spec/deployment-spec.js";

export interface RoleToAdd<N extends Needs> extends Pick<
  IamRoleDesired,
  "roleName" | "service" | "description"
> {
  readonly needs: N;
  readonly policies: (known: NeededStates<N>) => {
    /** ARNs. */
    readonly managed?: readonly string[];
    /** Name -> policy document. */
    readonly inline?: Readonly<Record<string, unknown>>;
  };
}

/** Adds an IAM role of the deployment or the job, which one AWS service can assume. */
export const addRole = <N extends Needs>(
  graph: Graph<AwsContext>,
  { tags }: Pick<TaskSpec, "tags">,
  owner: string,
  { roleName, service, description, needs, policies }: RoleToAdd<N>,
): Ref<IamRoleState> =>
  graph.add({
    kind: iamRoleKind,
    name: roleName,
    owner,
    needs,
    desired: (known) => {
      const { managed = [], inline = {} } = policies(known);
      return {
        roleName,
        path: `/quayside/${owner}/`,
        service,
        managedPolicies: managed,
        inlinePolicies: inline,
        description,
        tags,
      };
    },
  });
