import { credentialsProblem, type AwsCredentials, type AwsSettings } from "../aws-options.js";
import type { AssumeRoleSpec } from "../assume-role-options.js";
import { credentialsError } from "../credentials-error.js";
import { hasErrorCode } from "../error-code.js";
import type { Recorder } from "../recording/recorder.js";
import { loadSdk, type Sdk } from "./clients.js";
import { toCredentialsError } from "./to-credentials-error.js";
import { loadPackage } from "./load-package.js";
import { mfaCode } from "./mfa-code.js";
import { SharedCredentials, type CredentialsSource } from "./shared-credentials.js";

/** AWS's answers to a session that has ended. */
const EXPIRED = ["ExpiredToken", "RequestExpired"] as const;

/** True if AWS answered that the caller's credentials have expired. */
export const isExpired = (error: unknown): boolean => hasErrorCode(error, ...EXPIRED);

/** The credentials of all clients: the user's, or those of the role that is assumed with them. */
export function createCredentials(
  settings: AwsSettings,
  now: () => number,
  requestHandler: () => Promise<object>,
  record?: Recorder,
): SharedCredentials {
  const explain =
    (source: CredentialsSource): CredentialsSource =>
    (client) =>
      source(client).catch((error: unknown) => {
        throw toCredentialsError(error, settings);
      });
  const own = new SharedCredentials(explain(sourceOf(settings)), now);
  const { assumeRole } = settings;
  if (assumeRole === undefined) return own;

  let sts: Promise<Sdk> | undefined;
  const source: CredentialsSource = async () => {
    sts ??= requestHandler().then((handler) =>
      loadSdk("sts", { ...settings, credentials: own.provider, requestHandler: handler }, { record }),
    );
    const { client, exports } = await sts;
    const input = await requestOf(assumeRole, settings);
    const assume = () => client.send(new exports["AssumeRoleCommand"]!(input), {}) as Promise<Answer>;
    const { generation } = own;
    const { Credentials } = await assume().catch(async (error: unknown) => {
      if (isExpired(error) && (await own.renew(generation))) return assume();
      throw error;
    });
    return {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      sessionToken: Credentials.SessionToken,
      expiration: Credentials.Expiration,
    };
  };
  return new SharedCredentials(explain(source), now);
}

interface Answer {
  readonly Credentials: {
    readonly AccessKeyId: string;
    readonly SecretAccessKey: string;
    readonly SessionToken: string;
    readonly Expiration?: Date;
  };
}

async function requestOf(role: AssumeRoleSpec, settings: AwsSettings): Promise<object> {
  const { roleArn, externalId, sessionName, seconds, tags, mfaSerial } = role;
  return {
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    DurationSeconds: seconds,
    ...(externalId !== undefined && { ExternalId: externalId }),
    ...(tags !== undefined && { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
    ...(mfaSerial !== undefined && {
      SerialNumber: mfaSerial,
      TokenCode: await mfaCode(mfaSerial, settings),
    }),
  };
}

function sourceOf(settings: AwsSettings): CredentialsSource {
  const { credentials, profile } = settings;
  if (typeof credentials === "function") return async () => complete(await credentials());
  if (credentials !== undefined) return () => Promise.resolve(credentials);
  return async (client) => {
    const { defaultProvider } = await loadPackage(
      "@aws-sdk/credential-provider-node",
      () => import("@aws-sdk/credential-provider-node"),
    );
    // A new one each time, without the SDK's caches: what the user has renewed in the meantime is found.
    const load = defaultProvider({
      ...(profile !== undefined && { profile }),
      ignoreCache: true,
      mfaCodeProvider: (serial: string) => mfaCode(serial, settings),
    });
    return load({ callerClientConfig: client as never });
  };
}

function complete(answer: AwsCredentials): AwsCredentials {
  if (credentialsProblem(answer) === undefined) return answer;
  throw credentialsError(
    "no-credentials",
    "the function given as credentials returned none",
    "Return { accessKeyId, secretAccessKey, sessionToken, expiration } from it.",
  );
}
