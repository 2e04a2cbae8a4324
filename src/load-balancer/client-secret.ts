import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";

export interface ClientSecretDesired extends Tagged {
  /** The name of the parameter. */
  readonly parameter: string;
}

/** The parameter with the secret of an OIDC client: its version is looked up, and nothing of its value is kept. */
export const clientSecretKind: Kind<ClientSecretDesired, { readonly version: string }, AwsContext> = {
  kind: "client-secret",
  unknown: { version: UNKNOWN },

  async read(desired, { aws }) {
    const answer = await ignoreNotFound(
      aws.ssm.getParameter({ Name: desired.parameter, WithDecryption: true }),
    );
    if (answer?.Parameter === undefined) return undefined;
    return { state: { version: String(answer.Parameter.Version ?? 1) }, current: desired, tags: {} };
  },

  notFoundError: ({ parameter }) =>
    new QuaysideError(
      "no-client-secret",
      `Nothing was changed: Systems Manager has no parameter ${parameter} in this region`,
      {
        facts: { parameter },
        fix: `Store the secret of the OIDC client: aws ssm put-parameter --type SecureString --name ${parameter} --value …`,
      },
    ),
};
