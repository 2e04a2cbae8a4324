import { open, stat, unlink } from "node:fs/promises";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { fromTags, OWNER_TAG, toTagList } from "../aws/tags.js";
import { offClock } from "../engine/clock.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";

export interface KeyPairDesired extends Tagged {
  readonly keyName: string;
  /** Where to write the private key of one that does not exist yet; `undefined`: it must exist. */
  readonly createTo?: string | undefined;
}

export interface KeyPairState {
  readonly keyName: string;
}

/** A key pair for SSH to the instances: the user's own, or one made on request. */
export const keyPairKind: Kind<KeyPairDesired, KeyPairState, AwsContext> = {
  kind: "key-pair",
  unknown: { keyName: UNKNOWN },

  async read(desired, context) {
    const keyPair = await describe(desired.keyName, context);
    if (keyPair === undefined) return undefined;
    const { keyName } = desired;
    return { state: { keyName }, current: { keyName }, tags: fromTags(keyPair.Tags) };
  },

  async preflight({ createTo, keyName }, { clock }) {
    if (createTo === undefined) return;
    const found = await offClock(clock, () => stat(createTo).catch(() => undefined));
    if (found !== undefined) throw keyFileError(createTo, keyName, true);
  },

  async create(desired, context) {
    if (desired.createTo === undefined) throw notFound(desired);
    const { createTo, keyName } = desired;
    const onDisk = <T>(work: () => Promise<T>): Promise<T> => offClock(context.clock, work);
    const file = await onDisk(() => openNew(createTo, keyName));
    let made = false;
    try {
      const key = await createKey(desired, context);
      made = true;
      await onDisk(() => file.writeFile(key));
    } catch (error) {
      // Nothing is in it; left there, it would stand in the way of the next run.
      await onDisk(() => file.close().then(() => unlink(createTo)));
      // A key that could not be written down is of no use to anybody.
      if (made) await context.aws.ec2.deleteKeyPair({ KeyName: keyName });
      throw error;
    }
    await onDisk(() => file.close());
    return { keyName };
  },

  alreadyExists: (error) => hasErrorCode(error, "InvalidKeyPair.Duplicate"),

  async delete({ keyName }, { aws }) {
    await ignoreNotFound(aws.ec2.deleteKeyPair({ KeyName: keyName }));
  },

  notFoundError: notFound,

  async findOwned(owner, { aws }) {
    const { KeyPairs = [] } = await aws.ec2.describeKeyPairs({
      Filters: [{ Name: `tag:${OWNER_TAG}`, Values: [owner] }],
    });
    return KeyPairs.map(({ KeyName = "", Tags }) => ({
      name: KeyName,
      state: { keyName: KeyName },
      tags: fromTags(Tags),
    }));
  },
};

/** A key pair like it that must exist: looked up, never made. */
export const existingKeyPairKind: Kind<KeyPairDesired, KeyPairState, AwsContext> = {
  kind: keyPairKind.kind,
  unknown: keyPairKind.unknown,
  read: (desired, context) => keyPairKind.read(desired, context),
  notFoundError: notFound,
};

async function describe(keyName: string, { aws }: AwsContext) {
  const found = await ignoreNotFound(aws.ec2.describeKeyPairs({ KeyNames: [keyName] }));
  return found?.KeyPairs?.[0];
}

/** The private key is in this answer and nowhere else, ever: the file is open before AWS is asked. */
async function createKey(desired: KeyPairDesired, context: AwsContext): Promise<string> {
  const request = {
    KeyName: desired.keyName,
    KeyType: "ed25519" as const,
    TagSpecifications: [{ ResourceType: "key-pair" as const, Tags: toTagList(desired.tags) }],
  };
  const keyPair = await context.aws.ec2.createKeyPair(request).catch(async (error: unknown) => {
    // An answer of ours that was lost took the private key with it: that key is of no use to anybody.
    if (!keyPairKind.alreadyExists!(error) || !(await isOursFromThisRun(desired, context))) throw error;
    await context.aws.ec2.deleteKeyPair({ KeyName: desired.keyName });
    return context.aws.ec2.createKeyPair(request);
  });
  if (keyPair.KeyMaterial === undefined) {
    throw new QuaysideError(
      "no-key-material",
      `Key pair ${desired.keyName} has no private key: AWS sent none`,
      {
        fix: "Delete the key pair and run again.",
      },
    );
  }
  return keyPair.KeyMaterial;
}

async function isOursFromThisRun(desired: KeyPairDesired, context: AwsContext): Promise<boolean> {
  const keyPair = await describe(desired.keyName, context);
  const owner = desired.tags[OWNER_TAG];
  if (keyPair?.CreateTime === undefined || owner === undefined) return false;
  return fromTags(keyPair.Tags)[OWNER_TAG] === owner && keyPair.CreateTime.getTime() >= context.startedAt;
}

/** Never over a file that is there; readable for the user alone. */
async function openNew(path: string, keyName: string) {
  try {
    return await open(path, "wx", 0o600);
  } catch (cause) {
    throw keyFileError(path, keyName, (cause as NodeJS.ErrnoException).code === "EEXIST", cause);
  }
}

const keyFileError = (path: string, keyName: string, exists: boolean, cause?: unknown): QuaysideError =>
  new QuaysideError(
    "key-file",
    `Key pair ${keyName} was not created: ${path} ${exists ? "exists and is not overwritten" : "cannot be written"}`,
    { cause, fix: exists ? "Move that file away, or name another." : "Name a file that can be written." },
  );

function notFound({ keyName }: KeyPairDesired): QuaysideError {
  return new QuaysideError(
    "key-pair-not-found",
    `Key pair ${keyName} does not exist: EC2 has none of that name here`,
    {
      facts: { keyName },
      fix: `Create it, or let quayside do it: keyPair: { name: ${JSON.stringify(keyName)}, createTo: "./${keyName}.pem" }.`,
    },
  );
}
