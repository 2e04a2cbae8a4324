import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { tagList } from "../../core/tags.js";
import { applyFilters } from "./filters.js";
import { invalidValue, requireEc2, specifiedTags } from "./request.js";
import type { KeyPair } from "./state.js";

export function keyPairs(
  account: Account,
): Pick<Ec2Api, "createKeyPair" | "describeKeyPairs" | "deleteKeyPair"> {
  const named = (name: string): KeyPair | undefined =>
    [...account.ec2.keyPairs.values()].find((key) => key.name === name);

  return {
    async createKeyPair(input) {
      requireEc2(input, ["KeyName"]);
      const name = input.KeyName as string;
      if (name.length > 255 || !/^[\x20-\x7e]+$/.test(name)) {
        throw invalidValue(`Value (${name}) for parameter KeyName is invalid.`);
      }
      const type = input.KeyType ?? "rsa";
      if (type !== "rsa" && type !== "ed25519")
        throw invalidValue(`Value (${type}) for parameter KeyType is invalid.`);
      if (input.KeyFormat === "ppk") throw invalidValue("The local cloud supports only keys in PEM format.");
      const tags = specifiedTags(input.TagSpecifications, "key-pair");
      if (named(name) !== undefined) {
        throw new ServiceError("InvalidKeyPair.Duplicate", `The keypair '${name}' already exists.`);
      }
      const privateKey = newKey(type);
      const key: KeyPair = {
        id: `key-${account.hex(17)}`,
        name,
        type,
        fingerprint: fingerprint(privateKey),
        createdAt: new Date(account.clock.now()),
        tags,
      };
      account.ec2.keyPairs.set(key.id, key);
      return {
        KeyPairId: key.id,
        KeyName: name,
        KeyFingerprint: key.fingerprint,
        KeyMaterial: pem(privateKey, type),
        Tags: tagList(tags),
      };
    },

    async describeKeyPairs(input) {
      let keys = [...account.ec2.keyPairs.values()];
      for (const id of input.KeyPairIds ?? []) {
        if (!account.ec2.keyPairs.has(id)) {
          throw new ServiceError("InvalidKeyPair.NotFound", `The key pair ID '${id}' does not exist`);
        }
      }
      for (const name of input.KeyNames ?? []) {
        if (named(name) === undefined) {
          throw new ServiceError("InvalidKeyPair.NotFound", `The key pair '${name}' does not exist`);
        }
      }
      if (input.KeyPairIds?.length) keys = keys.filter((key) => input.KeyPairIds?.includes(key.id));
      if (input.KeyNames?.length) keys = keys.filter((key) => input.KeyNames?.includes(key.name));
      const found = applyFilters(
        keys,
        input.Filters,
        {
          "key-name": (key) => [key.name],
          "key-pair-id": (key) => [key.id],
          fingerprint: (key) => [key.fingerprint],
        },
        (key) => key.tags,
      );
      return {
        KeyPairs: found.map((key) => ({
          KeyPairId: key.id,
          KeyName: key.name,
          KeyType: key.type,
          KeyFingerprint: key.fingerprint,
          CreateTime: key.createdAt,
          Tags: tagList(key.tags),
        })),
      };
    },

    async deleteKeyPair(input) {
      if (input.KeyName === undefined && input.KeyPairId === undefined) requireEc2(input, ["KeyName"]);
      const key =
        input.KeyPairId === undefined
          ? named(input.KeyName ?? "")
          : account.ec2.keyPairs.get(input.KeyPairId);
      // Deleting a key pair that does not exist succeeds.
      if (key === undefined) return { Return: true };
      account.ec2.keyPairs.delete(key.id);
      return { Return: true, KeyPairId: key.id };
    },
  };
}

const newKey = (type: "rsa" | "ed25519"): KeyObject =>
  type === "rsa"
    ? generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey
    : generateKeyPairSync("ed25519").privateKey;

const pem = (key: KeyObject, type: "rsa" | "ed25519"): string =>
  type === "rsa"
    ? key.export({ type: "pkcs1", format: "pem" }).toString()
    : key.export({ type: "pkcs8", format: "pem" }).toString();

/** SHA-1 of the DER form, as EC2 computes it for keys that it has created. */
function fingerprint(key: KeyObject): string {
  const digest = createHash("sha1")
    .update(key.export({ type: "pkcs8", format: "der" }))
    .digest("hex");
  return digest.match(/../g)?.join(":") ?? digest;
}
