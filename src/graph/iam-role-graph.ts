import type { AwsContext } from "../aws/context.js";
import type { Graph, GraphPurpose, NeededStates, Needs, Ref } from "../engine/graph.js";
import { iamRoleKind, type IamRoleDesired, type IamRoleState } from "../iam/iam-role.js";
import { iamPathBelow, regionalTags } from "../iam/region.js";
import { regionalRoleName } from "../iam/role-name.js";
import { QuaysideError } from "../errors.js";
import type { TaskSpec } from "../spec/deployment-spec.js";
import { MAX_INLINE, sizeOfPolicies } from "../spec/policy-size.js";

export interface RoleToAdd<N extends Needs> extends Pick<IamRoleDesired, "service" | "description"> {
  /** The account for whose resources the service may assume the role. @defaultValue every account */
  readonly sourceAccount?: string | undefined;
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
  { tags, iam }: Pick<TaskSpec, "tags" | "iam">,
  owner: string,
  context: AwsContext,
  { roleName: nameOf, service, sourceAccount, description, needs, policies }: RoleToAdd<N>,
): Promise<Ref<IamRoleState>> {
  const roleName = await regionalRoleName(nameOf, owner, context);
  const path = iamPathBelow(iam?.path ?? "/", owner, context);
  return graph.add({
    kind: iamRoleKind,
    name: roleName,
    owner,
    needs,
    desired: (known) => {
      const { managed = [], inline = {} } = policies(known);
      assertSize(description, inline);
      return {
        roleName,
        path,
        ...(iam?.permissionsBoundary !== undefined && { permissionsBoundary: iam.permissionsBoundary }),
        service,
        ...(sourceAccount !== undefined && { sourceAccount }),
        managedPolicies: managed,
        inlinePolicies: inline,
        description,
        tags: regionalTags(tags, context),
      };
    },
  });
}

/**
 * The account of the run, for roles whose service acts for the resources of any account; `undefined` if STS does not
 * answer, and for a destroy, which compares nothing.
 */
export const sourceAccountOf = async (
  context: AwsContext,
  purpose: GraphPurpose,
): Promise<string | undefined> => (purpose === "deploy" ? (await context.caller())?.account : undefined);

/** IAM would refuse the policies in the middle of a run. */
function assertSize(role: string, inline: Readonly<Record<string, unknown>>): void {
  const size = sizeOfPolicies(Object.values(inline));
  if (size <= MAX_INLINE) return;
  throw new QuaysideError(
    "policies-too-large",
    `Nothing was changed: the inline policies of a role have at most ${MAX_INLINE} characters, and those of the ${role.replace(/^T/, "t")} would have ${size}`,
    {
      facts: { role, size, maximum: MAX_INLINE },
      fix:
        "The quota cannot be raised. Keep several values in one secret, as JSON, and refer to its keys: arn:…:secret:name-AbCdEf:key::. " +
        "For a task role, attach managed policies.",
    },
  );
}
