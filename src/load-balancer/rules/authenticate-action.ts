import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../../aws/context.js";
import type { AuthenticateSpec } from "../../spec/authenticate.js";

/** The actions before the forward of a rule, as they are kept when the forward alone changes. */
export const keptActions = (before: readonly Action[]): Action[] =>
  before
    .filter(({ Type }) => Type === "authenticate-oidc" || Type === "authenticate-cognito")
    .map(({ Order: _order, ...action }) => ({
      ...action,
      ...(action.AuthenticateOidcConfig && {
        // ELB does not return the secret.
        AuthenticateOidcConfig: { ...action.AuthenticateOidcConfig, UseExistingClientSecret: true },
      }),
    }));

/** The actions of a rule in their order; a single one has none. */
export const inOrder = (first: readonly Action[], forward: Action): Action[] =>
  first.length === 0
    ? [forward]
    : [...first, forward].map((action, index) => ({ ...action, Order: index + 1 }));

/** The described sign-in as a rule's action, with the client's secret. */
export async function authenticateAction(
  spec: AuthenticateSpec | undefined,
  { aws }: AwsContext,
): Promise<Action[]> {
  if (spec === undefined) return [];
  const session = {
    Scope: spec.scope,
    SessionTimeout: spec.sessionTimeout,
    SessionCookieName: spec.sessionCookie,
    OnUnauthenticatedRequest: spec.onUnauthenticated,
  };
  if (spec.by === "cognito")
    return [
      {
        Type: "authenticate-cognito",
        AuthenticateCognitoConfig: {
          UserPoolArn: spec.userPool,
          UserPoolClientId: spec.userPoolClient,
          UserPoolDomain: spec.userPoolDomain,
          ...session,
        },
      },
    ];
  const { Parameter } = await aws.ssm.getParameter({ Name: spec.secretParameter, WithDecryption: true });
  return [
    {
      Type: "authenticate-oidc",
      AuthenticateOidcConfig: {
        Issuer: spec.issuer,
        AuthorizationEndpoint: spec.authorizationEndpoint,
        TokenEndpoint: spec.tokenEndpoint,
        UserInfoEndpoint: spec.userInfoEndpoint,
        ClientId: spec.clientId,
        ClientSecret: Parameter?.Value,
        ...session,
      },
    },
  ];
}

/** The sign-in that a rule has, in the shape of the described one; `undefined` if it has none. */
export function presentAuthenticate(
  actions: readonly Action[],
  described: AuthenticateSpec | undefined,
): Readonly<Record<string, unknown>> | undefined {
  for (const { AuthenticateOidcConfig: oidc, AuthenticateCognitoConfig: cognito } of actions) {
    const session = oidc ?? cognito;
    if (session === undefined) continue;
    return {
      ...(oidc
        ? {
            by: "oidc",
            issuer: oidc.Issuer,
            authorizationEndpoint: oidc.AuthorizationEndpoint,
            tokenEndpoint: oidc.TokenEndpoint,
            userInfoEndpoint: oidc.UserInfoEndpoint,
            clientId: oidc.ClientId,
            // ELB does not return it: a tag has the parameter and its version.
            secretParameter: described?.by === "oidc" ? described.secretParameter : undefined,
          }
        : {
            by: "cognito",
            userPool: cognito?.UserPoolArn,
            userPoolClient: cognito?.UserPoolClientId,
            userPoolDomain: cognito?.UserPoolDomain,
          }),
      scope: session.Scope,
      sessionTimeout: session.SessionTimeout,
      sessionCookie: session.SessionCookieName,
      onUnauthenticated: session.OnUnauthenticatedRequest,
    };
  }
  return undefined;
}
