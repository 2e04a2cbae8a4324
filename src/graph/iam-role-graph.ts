import type { AwsContext } from "../aws/context.js";
import type { Graph, NeededStates, Needs, Ref } from "../engine/graph.js";
import { iamRoleKind, type IamRoleDesired, type IamRoleState } from "../iam/iam-role.js";
import type { TaskSpec } from "../spec/deployment-spec.js";

export interface RoleWish<N extends Needs> extends Pick<
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

/** A role of the deployment's or the job's own, for one service of AWS to take on. */
export const addRole = <N extends Needs>(
  graph: Graph<AwsContext>,
  { tags }: Pick<TaskSpec, "tags">,
  owner: string,
  { roleName, service, description, needs, policies }: RoleWish<N>,
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
