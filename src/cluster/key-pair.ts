import { open, stat, unlink, type FileHandle } from "node:fs/promises";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { parseOwner } from "../aws/owner.js";
import { fromTags, OWNER_TAG, toTagList } from "../aws/tags.js";
import { offClock } from "../engine/clock.js";
import { UNKNOWN, type Kind, type Tagged, type Tags } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";

export interface KeyPairDesired extends Tagged {
  readonly keyName: string;
  /** The file for the private key of a new key pair; `undefined`: the key pair must exist. */
  readonly createTo?: string | undefined;
}

export interface KeyPairState {
  readonly keyName: string;
}

/** A key pair for SSH to the instances: the user's own, or one created on request. */
export const keyPairKind: Kind<KeyPairDesired, KeyPairState, AwsContext> = {
  kind: "key-pair",
  unknown: { keyName: UNKNOWN },

  async read(desired, context) {
    const keyPair = await describe(desired.keyName, context);
    if (keyPair === undefined) return undefined;
    const { keyName, createTo } = desired;
    const tags = fromTags(keyPair.Tags);
    if (!isOwn(tags, desired)) return { state: { keyName }, current: { keyName }, tags };
    // A run was killed between the key pair and its file: no one has the private key.
    const isLost = createTo !== undefined && (await sizeOfFile(createTo, context)) === 0;
    return {
      state: { keyName },
      current: { keyName, ...(isLost && { createTo: "(an empty file)" }) },
      // Changed tags do not reach a key pair.
      tags: { ...tags, ...desired.tags },
    };
  },

  async preflight({ createTo, keyName }, context) {
    if (createTo === undefined) return;
    const size = await sizeOfFile(createTo, context);
    if (size !== undefined && size > 0) throw keyFileError(createTo, keyName, true);
  },

  async create(desired, context) {
    if (desired.createTo === undefined) throw notFound(desired);
    const { createTo, keyName } = desired;
    const onDisk = <T>(work: () => Promise<T>): Promise<T> => offClock(context.clock, work);
    const { file, isNew } = await onDisk(() => openEmpty(createTo, keyName));
    let isCreated = false;
    try {
      const key = await createKey(desired, isNew, context);
      isCreated = true;
      await onDisk(() => file.writeFile(key));
    } catch (error) {
      // The file is empty, and would block the next run.
      await onDisk(() => file.close().then(() => unlink(createTo)));
      // A key pair whose private key could not be written is useless.
      if (isCreated) await context.aws.ec2.deleteKeyPair({ KeyName: keyName });
      throw error;
    }
    await onDisk(() => file.close());
    return { keyName };
  },

  /** Creates the key pair again: its private key was lost. */
  update: (desired, _observed, _changes, context) => keyPairKind.create!(desired, context),

  alreadyExists: (error) => hasErrorCode(error, "InvalidKeyPair.Duplicate"),

  async delete({ keyName }, { aws }) {
    await ignoreNotFound(aws.ec2.deleteKeyPair({ KeyName: keyName }));
  },

  notFoundError: notFound,

  async findOwned(owner, { aws }) {
    // Only clusters have instances.
    if (parseOwner(owner)?.type !== "cluster") return [];
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

/** A key pair that must exist: looked up, never created. */
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

/** The private key is in this answer only, so that the file is opened before AWS is called. */
async function createKey(desired: KeyPairDesired, isNew: boolean, context: AwsContext): Promise<string> {
  const request = {
    KeyName: desired.keyName,
    KeyType: "ed25519" as const,
    TagSpecifications: [{ ResourceType: "key-pair" as const, Tags: toTagList(desired.tags) }],
  };
  const keyPair = await context.aws.ec2.createKeyPair(request).catch(async (error: unknown) => {
    // The answer that had the private key was lost, in this run or in one that was killed: that key pair is useless.
    if (!keyPairKind.alreadyExists!(error) || !(await isUseless(desired, isNew, context))) throw error;
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

async function isUseless(desired: KeyPairDesired, isNew: boolean, context: AwsContext): Promise<boolean> {
  const keyPair = await describe(desired.keyName, context);
  if (keyPair === undefined || !isOwn(fromTags(keyPair.Tags), desired)) return false;
  return !isNew || context.isOfThisRun(keyPair.CreateTime);
}

const isOwn = (tags: Tags, desired: KeyPairDesired): boolean =>
  tags[OWNER_TAG] !== undefined && tags[OWNER_TAG] === desired.tags[OWNER_TAG];

/** Opens a new file or an empty one, readable by the user only, and never one with content. */
async function openEmpty(
  path: string,
  keyName: string,
): Promise<{ readonly file: FileHandle; readonly isNew: boolean }> {
  try {
    return { file: await open(path, "wx", 0o600), isNew: true };
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === "EEXIST";
    const file = exists ? await open(path, "r+").catch(() => undefined) : undefined;
    if (file !== undefined && (await file.stat()).size === 0) {
      await file.chmod(0o600);
      return { file, isNew: false };
    }
    await file?.close();
    throw keyFileError(path, keyName, exists, cause);
  }
}

/** `undefined` if there is none. */
const sizeOfFile = (path: string, { clock }: AwsContext): Promise<number | undefined> =>
  offClock(clock, () =>
    stat(path).then(
      ({ size }) => size,
      () => undefined,
    ),
  );

const keyFileError = (path: string, keyName: string, exists: boolean, cause?: unknown): QuaysideError =>
  new QuaysideError(
    "key-file",
    `Key pair ${keyName} was not created: ${path} ${exists ? "already exists and is not overwritten" : "cannot be written"}`,
    { cause, fix: exists ? "Move that file, or choose another path." : "Choose a path that can be written." },
  );

function notFound({ keyName }: KeyPairDesired): QuaysideError {
  return new QuaysideError("key-pair-not-found", `Key pair ${keyName} was not found in this region`, {
    facts: { keyName },
    fix: `Create it, or let quayside create it: keyPair: { name: ${JSON.stringify(keyName)}, createTo: "./${keyName}.pem" }.`,
  });
}
