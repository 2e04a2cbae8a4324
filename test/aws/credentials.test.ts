import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { aws } from "../../src/aws/aws-cloud.js";
import type { AwsOptions } from "../../src/aws/aws-options.js";
import { bodyOf, closeServers, serve } from "./http-servers.js";

/** The access key that a request was signed with. */
const keyOf = (authorization = ""): string => /Credential=([^/]+)\//.exec(authorization)?.[1] ?? "";

interface Endpoint {
  readonly url: string;
  /** The access keys of the requests, except those to STS. */
  readonly keys: string[];
  /** The requests to STS, as form fields. */
  readonly assumed: Record<string, string>[];
}

interface Behavior {
  /** Access keys whose session has ended. */
  readonly expired?: ReadonlySet<string>;
  /** The code of the error of AssumeRole, if it fails. */
  readonly refusal?: { readonly code: string; readonly message: string };
}

/** An endpoint with the services in JSON, and STS: the n-th session has the access key `role-n`. */
async function endpoint({ expired = new Set(), refusal }: Behavior = {}): Promise<Endpoint> {
  const keys: string[] = [];
  const assumed: Record<string, string>[] = [];
  const { url } = await serve(async (request, response) => {
    const body = await bodyOf(request);
    const key = keyOf(request.headers.authorization);
    const json = { "content-type": "application/x-amz-json-1.1" };
    const xml = { "content-type": "text/xml" };
    if (body.includes("Action=AssumeRole")) {
      assumed.push({ ...Object.fromEntries(new URLSearchParams(body)), key });
      if (refusal !== undefined) {
        return void response
          .writeHead(403, xml)
          .end(
            `<ErrorResponse><Error><Type>Sender</Type><Code>${refusal.code}</Code><Message>${refusal.message}</Message></Error></ErrorResponse>`,
          );
      }
      return void response.writeHead(200, xml).end(
        `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
          <AccessKeyId>role-${assumed.length}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>
          <Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
      );
    }
    keys.push(key);
    if (!expired.has(key)) return void response.writeHead(200, json).end("{}");
    const message = "The security token included in the request is expired";
    response.writeHead(400, json).end(JSON.stringify({ __type: "ExpiredTokenException", message }));
  });
  return { url, keys, assumed };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "quayside-credentials-"));
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_CONFIG_FILE", join(folder, "config"));
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(folder, "credentials"));
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  await writeFile(join(folder, "config"), "");
  await writeFile(join(folder, "credentials"), "");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  closeServers();
  await rm(folder, { recursive: true });
});

const config = (text: string) => writeFile(join(folder, "config"), text);

/** Calls seven services at the same moment. */
async function callAll(options: AwsOptions): Promise<void> {
  const { ecs, ecr, logs, ssm, tagging, acm, applicationAutoScaling } = aws({
    region: "eu-west-1",
    ...options,
  }).ports;
  await Promise.all([
    ecs.listTasks({}),
    ecr.describeRepositories({}),
    logs.describeLogGroups({}),
    ssm.getParameter({ Name: "x" }),
    tagging.getResources({}),
    acm.listCertificates({}),
    applicationAutoScaling.describeScalableTargets({ ServiceNamespace: "ecs" }),
  ]);
}

/** A profile with a process that notes each of its runs. */
async function processProfile(answer: object): Promise<() => Promise<number>> {
  const log = join(folder, "runs");
  const script = join(folder, "process.sh");
  await writeFile(
    script,
    `#!/bin/sh\necho run >> '${log}'\necho '${JSON.stringify({ Version: 1, ...answer })}'\n`,
  );
  await chmod(script, 0o700);
  await config(`[profile tool]\ncredential_process = ${script}\n`);
  return async () => (await readFile(log, "utf8")).trim().split("\n").length;
}

describe("the credentials of all clients", () => {
  test("come from one run of credential_process", async () => {
    const { url, keys } = await endpoint();
    const runs = await processProfile({ AccessKeyId: "tool", SecretAccessKey: "s" });
    await callAll({ profile: "tool", endpoint: url });
    expect(keys).toEqual(Array(7).fill("tool"));
    expect(await runs()).toBe(1);
  });

  test("without an expiration are asked for again when AWS says that they have expired", async () => {
    const expired = new Set<string>();
    const { url, keys } = await endpoint({ expired });
    let asked = 0;
    const credentials = async () => ({ accessKeyId: `own-${++asked}`, secretAccessKey: "s" });
    const { ecs } = aws({ region: "eu-west-1", endpoint: url, credentials }).ports;
    await ecs.listTasks({});
    expired.add("own-1");
    await Promise.all([ecs.listTasks({}), ecs.createCluster({ clusterName: "web" })]);
    expect(keys).toEqual(["own-1", "own-1", "own-1", "own-2", "own-2"]);
    expect(asked).toBe(2);
  });

  test("that stay expired are AWS's own error", async () => {
    const { url, keys } = await endpoint({ expired: new Set(["own"]) });
    const credentials = { accessKeyId: "own", secretAccessKey: "s" };
    const { ecs } = aws({ region: "eu-west-1", endpoint: url, credentials }).ports;
    await expect(ecs.listTasks({})).rejects.toMatchObject({ name: "ExpiredTokenException" });
    expect(keys).toEqual(["own"]);
  });

  test("that another program renews in the profile's file are found", async () => {
    const expired = new Set<string>();
    const { url, keys } = await endpoint({ expired });
    const write = (key: string) =>
      writeFile(
        join(folder, "credentials"),
        `[default]\naws_access_key_id = ${key}\naws_secret_access_key = s\naws_session_token = ${key}\n`,
      );
    await write("morning");
    const { ecs } = aws({ region: "eu-west-1", endpoint: url }).ports;
    await ecs.listTasks({});
    expired.add("morning");
    await write("noon");
    await ecs.listTasks({});
    expect(keys).toEqual(["morning", "morning", "noon"]);
  });

  test("of a function that returns none are told so", async () => {
    const credentials = (async () => ({})) as never;
    await expect(aws({ region: "eu-west-1", credentials }).ports.ecs.listTasks({})).rejects.toMatchObject({
      code: "no-credentials",
      message: "Nothing was sent to AWS: the function given as credentials returned none",
    });
  });

  test("of nobody are told so", async () => {
    await expect(aws({ region: "eu-west-1" }).ports.ecs.listTasks({})).rejects.toMatchObject({
      code: "no-credentials",
      message: expect.stringMatching(/^Nothing was sent to AWS: no credentials were found \(/),
      fix: expect.stringContaining("aws sso login"),
    });
  });

  test("of an SSO session that has ended name the login to repeat", async () => {
    await config(
      "[profile work]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Dev\n[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.example.com\n",
    );
    vi.stubEnv("HOME", folder);
    await expect(aws({ region: "eu-west-1", profile: "work" }).ports.ecs.listTasks({})).rejects.toMatchObject(
      { code: "no-credentials", fix: "Log in again: `aws sso login --profile work`." },
    );
  });
});

const serial = "arn:aws:iam::123456789012:mfa/me";
const mfaProfile = `[profile prod]\nrole_arn = arn:aws:iam::123456789012:role/deployer\nsource_profile = base\nmfa_serial = ${serial}\n[profile base]\naws_access_key_id = base\naws_secret_access_key = s\n`;

describe("a profile with an MFA device", () => {
  test("asks for one code, whatever the number of clients", async () => {
    const { url, keys, assumed } = await endpoint();
    vi.stubEnv("AWS_ENDPOINT_URL", url);
    await config(mfaProfile);
    const mfa = vi.fn(async () => "123456");
    await callAll({ profile: "prod", mfa });
    expect(mfa.mock.calls).toEqual([[serial]]);
    expect(assumed).toMatchObject([{ SerialNumber: serial, TokenCode: "123456", key: "base" }]);
    expect(keys).toEqual(Array(7).fill("role-1"));
  });

  test("without a terminal and a function says what to do", async () => {
    const { isTTY } = process.stdin;
    onTestFinished(() => void (process.stdin.isTTY = isTTY));
    process.stdin.isTTY = false;
    await config(mfaProfile);
    await expect(callAll({ profile: "prod" })).rejects.toMatchObject({
      code: "mfa-required",
      message: `Nothing was sent to AWS: the credentials need an MFA code of ${serial}, and there is no terminal to ask for it`,
      fix: "Run it in a terminal, or pass a function that returns the code: aws({ mfa: async (serial) => code }).",
    });
  });

  test("asks for another code if STS does not accept it", async () => {
    const message = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
    const { url } = await endpoint({ refusal: { code: "AccessDenied", message } });
    vi.stubEnv("AWS_ENDPOINT_URL", url);
    await config(mfaProfile);
    const mfa = vi.fn(async () => "123456");
    await expect(callAll({ profile: "prod", mfa })).rejects.toMatchObject({
      code: "mfa-failed",
      fix: expect.stringMatching(/^Wait until the device shows another code/),
    });
    expect(mfa).toHaveBeenCalledTimes(1);
  });

  test("rejects what is no code before it is sent", async () => {
    await config(mfaProfile);
    await expect(callAll({ profile: "prod", mfa: async () => "no" })).rejects.toMatchObject({
      code: "mfa-failed",
      message: `Nothing was sent to AWS: the MFA code for ${serial} is not valid: it must be six digits`,
    });
  });
});

describe("assumeRole", () => {
  const roleArn = "arn:aws:iam::210987654321:role/deployer";
  const credentials = { accessKeyId: "own", secretAccessKey: "s" };

  test("assumes the role once for all clients", async () => {
    const { url, keys, assumed } = await endpoint();
    await callAll({ endpoint: url, credentials, assumeRole: roleArn });
    expect(assumed).toMatchObject([
      { RoleArn: roleArn, RoleSessionName: "quayside", DurationSeconds: "3600", key: "own" },
    ]);
    expect(keys).toEqual(Array(7).fill("role-1"));
  });

  test("sends its options", async () => {
    const { url, assumed } = await endpoint();
    await callAll({
      endpoint: url,
      credentials,
      mfa: async () => "654321",
      assumeRole: {
        roleArn,
        externalId: "abc",
        sessionName: "ci",
        duration: "15m",
        tags: { team: "talks" },
        mfaSerial: serial,
      },
    });
    expect(assumed).toMatchObject([
      {
        RoleArn: roleArn,
        RoleSessionName: "ci",
        ExternalId: "abc",
        DurationSeconds: "900",
        "Tags.member.1.Key": "team",
        "Tags.member.1.Value": "talks",
        SerialNumber: serial,
        TokenCode: "654321",
      },
    ]);
  });

  test("assumes it again when the session has ended", async () => {
    const expired = new Set<string>();
    const { url, keys, assumed } = await endpoint({ expired });
    const { ecs } = aws({ region: "eu-west-1", endpoint: url, credentials, assumeRole: roleArn }).ports;
    await ecs.listTasks({});
    expired.add("role-1");
    await ecs.listTasks({});
    expect(keys).toEqual(["role-1", "role-1", "role-2"]);
    expect(assumed).toHaveLength(2);
  });

  test("that is refused names the role and what it needs", async () => {
    const message = `User: arn:aws:iam::123456789012:user/me is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
    const { url } = await endpoint({ refusal: { code: "AccessDenied", message } });
    await expect(callAll({ endpoint: url, credentials, assumeRole: roleArn })).rejects.toMatchObject({
      code: "no-credentials",
      message: `Nothing was sent to AWS: the credentials could not be loaded (${message})`,
      fix: expect.stringMatching(/^Grant sts:AssumeRole on arn:aws:iam::210987654321:role\/deployer/),
    });
  });
});

test("an exhausted quota is told at once, by AWS's own code", async () => {
  let requests = 0;
  const { url } = await serve((_, response) => {
    requests += 1;
    const body = { __type: "LimitExceededException", message: "The limit for the resource was exceeded." };
    response.writeHead(400, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
  });
  const credentials = { accessKeyId: "id", secretAccessKey: "secret" };
  const { logs } = aws({ region: "eu-west-1", endpoint: url, credentials }).ports;
  await expect(logs.createLogGroup({ logGroupName: "x" })).rejects.toMatchObject({
    name: "LimitExceededException",
  });
  expect(requests).toBe(1);
});
