import { DeleteParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { aws } from "../src/index.js";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Recording } from "../src/aws/recording/recorder.js";
import { secretName, vpcName, type Target } from "./target.js";
import { createVpc, deleteVpc, openDefaultVpc } from "./vpc.js";

export interface AwsTargetOptions {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  /** An emulator, which has no traffic. @defaultValue AWS */
  readonly endpoint?: string | undefined;
  readonly certificate?: string | undefined;
  /** Where the recordings are written. */
  readonly record: string;
  readonly credentials?:
    | { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }
    | undefined;
  /** @defaultValue true */
  readonly withVpc?: boolean;
}

/** The account that the SDK's own credentials are for. */
export function awsTarget(options: AwsTargetOptions): Target {
  const { id, account, region, endpoint, credentials, record, withVpc = true } = options;
  const otherRegion = region === "us-east-1" ? "us-west-2" : "us-east-1";
  const connection = (name: string) => ({
    region: name,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
  });
  const cloudIn = (name: string) => aws({ ...connection(name), allowedAccounts: [account], record });
  const parameter = secretName(id).slice("ssm:".length);
  const inBoth = (work: (client: SSMClient) => Promise<unknown>) =>
    Promise.all(
      [region, otherRegion].map(async (name) => {
        const client = new SSMClient(connection(name));
        await work(client).finally(() => client.destroy());
      }),
    );
  return {
    place: endpoint === undefined ? "AWS" : "the emulator",
    region,
    env: {
      id,
      cloud: cloudIn(region),
      secondRegion: cloudIn(otherRegion),
      secret: secretName(id),
      vpc: vpcName(id),
      certificate: options.certificate,
      sendsRequests: endpoint === undefined,
      wait: (seconds) => sleep(seconds * 1000),
    },
    now: Date.now,
    recordings: () => readRecordings(record),
    async prepare() {
      if (endpoint !== undefined)
        await Promise.all([region, otherRegion].map((name) => openDefaultVpc(connection(name))));
      await inBoth((client) =>
        client.send(
          new PutParameterCommand({ Name: parameter, Value: "smoke", Type: "SecureString", Overwrite: true }),
        ),
      );
      if (withVpc) await createVpc(connection(region), vpcName(id));
    },
    async clear() {
      const work = [
        {
          what: `the parameter ${parameter}`,
          clear: () => inBoth((client) => deleteParameter(client, parameter)),
        },
        { what: `the VPC ${vpcName(id)}`, clear: () => deleteVpc(connection(region), vpcName(id)) },
      ];
      const left = await Promise.all(
        work.map(({ what, clear }) =>
          clear().then(
            () => [],
            (error: Error) => [`${what}: ${error.name}: ${error.message}`],
          ),
        ),
      );
      return left.flat();
    },
    close: async () => {},
  };
}

async function deleteParameter(client: SSMClient, Name: string): Promise<void> {
  await client.send(new DeleteParameterCommand({ Name })).catch((error: Error) => {
    if (error.name !== "ParameterNotFound") throw error;
  });
}

/** Reads all files that `aws({ record })` has written below a directory. */
export function readRecordings(folder: string): Recording[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\d{4}-\w+-\w+\.json$/.test(file))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Recording);
}
