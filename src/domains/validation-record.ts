import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownedArns } from "../aws/owned-arns.js";
import { OWNER_TAG } from "../aws/tags.js";
import {
  isUnknown,
  UNKNOWN,
  type Found,
  type Kind,
  type PendingDeletions,
  type Tagged,
} from "../engine/kind.js";
import { zoneIdOf, zonesOf } from "./hosted-zone.js";
import { listenersThatNeed } from "./leave-listeners.js";
import { changeRecords, recordSetsOf, textRecord, textsOf, zoneName } from "./record-sets.js";

export interface ValidationRecordDesired extends Tagged {
  readonly domain: string;
  readonly zoneId: string;
  /** The name and the value of the CNAME record that ACM looks for. */
  readonly name: string;
  readonly value: string;
  readonly certificateArn: string;
  /** True if the record's marker names this deployment. */
  readonly isNoted: true;
}

export interface ValidationRecordState {
  readonly zoneId: string;
  readonly name: string;
  /** The text in the marker. */
  readonly user: string;
  /** The certificates of its owner that it validates. */
  readonly certificates: readonly string[];
}

const marker = (name: string): string => `_quayside${name.startsWith("_") ? "" : "."}${name}`;
const userOf = (owner: string, region: string): string => `quayside user=${owner} region=${region}`;

/**
 * The record by which ACM validates a domain, and renews its certificate every year. It is the same for all
 * certificates of the account with the domain, also in other regions: a TXT record names those that need it.
 */
export const validationRecordKind: Kind<ValidationRecordDesired, ValidationRecordState, AwsContext> = {
  kind: "validation-record",
  unknown: { zoneId: UNKNOWN, name: UNKNOWN, user: UNKNOWN, certificates: [] },

  async read(desired, context) {
    const { zoneId, name, value, certificateArn, tags } = desired;
    if (isUnknown(zoneId) || isUnknown(name)) return undefined;
    const user = userOf(tags[OWNER_TAG] ?? "", context.region);
    const { present, users } = await readRecord(zoneId, name, context);
    if (present === undefined) return undefined;
    const isNoted = users.includes(user) ? { isNoted: true } : users.length > 0 ? { isNoted: undefined } : {};
    return {
      state: { zoneId, name, user, certificates: [certificateArn] },
      current: { zoneId, name, value: present === zoneName(value) ? value : present, ...isNoted },
      // Without a marker, somebody else has made it: it is used as it is.
      tags: users.length > 0 ? tags : {},
    };
  },

  async create(desired, context) {
    return note(desired, context);
  },

  async update(desired, _observed, _changes, context) {
    return note(desired, context);
  },

  async delete({ zoneId, name, user }, context) {
    await untilUnchanged(async () => {
      const { sets, users, texts } = await readRecord(zoneId, name, context);
      if (!users.includes(user)) return;
      const others = users.filter((each) => each !== user);
      const rest =
        others.length > 0 ? [["CREATE", textRecord(marker(name), others)] as const] : deleted(sets);
      await changeRecords(zoneId, [...deleted(texts), ...rest], context);
    });
  },

  dependsOn: ["requested-certificate"],

  identity: ({ zoneId, name }) => `${zoneId} ${name}`,

  async findOwned(owner, context) {
    const owned = await ownedArns(context, owner, "acm", "certificate/");
    const records = await Promise.all(
      owned.map(async ({ arn, tags }) => {
        const answer = await ignoreNotFound(context.aws.acm.describeCertificate({ CertificateArn: arn }));
        const options = answer?.Certificate?.DomainValidationOptions ?? [];
        const found = await Promise.all(
          options.map(async ({ DomainName = "", ResourceRecord }) => {
            const domain = validatedDomain(DomainName);
            const [zone] = (await zonesOf(domain, context)).filter(
              ({ Config }) => Config?.PrivateZone !== true,
            );
            const name = ResourceRecord?.Name?.replace(/\.$/, "");
            return zone === undefined || name === undefined
              ? []
              : [{ domain, zoneId: zoneIdOf(zone), name, arn, tags }];
          }),
        );
        return found.flat();
      }),
    );
    // Several certificates have it, and the wildcard of a domain has that of the domain.
    const distinct = new Map(records.flat().map((one) => [`${one.zoneId} ${one.name}`, one]));
    const user = userOf(owner, context.region);
    const found = await Promise.all(
      [...distinct.values()].map(async ({ domain, zoneId, name, tags }) => {
        const { users } = await readRecord(zoneId, name, context);
        const same = records.flat().filter((one) => one.zoneId === zoneId && one.name === name);
        const certificates = [...new Set(same.map(({ arn }) => arn))];
        return users.includes(user)
          ? [{ name: domain, state: { zoneId, name, user, certificates }, tags }]
          : [];
      }),
    );
    return found.flat();
  },

  blockedBy: certificatesThatStay,
  stillBlockedBy: certificatesThatStay,
};

/** The domain whose record validates another one: a wildcard has the record of the domain that it is for. */
export const validatedDomain = (domain: string): string => domain.toLowerCase().replace(/^\*\./, "");

/** The certificates that it validates and that stay because a listener needs them: AWS renews them by it. */
async function certificatesThatStay(
  { state: { certificates } }: Found<ValidationRecordState>,
  pending: PendingDeletions,
  context: AwsContext,
): Promise<readonly string[]> {
  const known = certificates.filter((arn) => !isUnknown(arn));
  const needs = await Promise.all(
    known.map(async (arn) => {
      const [listener] = await listenersThatNeed(arn, pending, context);
      return listener === undefined ? [] : [`the certificate of ${listener}`];
    }),
  );
  return needs.flat();
}

async function readRecord(zoneId: string, name: string, context: AwsContext) {
  const [sets, texts] = await Promise.all([
    recordSetsOf(zoneId, name, context),
    recordSetsOf(zoneId, marker(name), context),
  ]);
  const cnames = sets.filter(({ Type }) => Type === "CNAME");
  const value = cnames[0]?.ResourceRecords?.[0]?.Value;
  return {
    sets: cnames,
    texts: texts.filter(({ Type }) => Type === "TXT"),
    present: value === undefined ? undefined : zoneName(value),
    users: textsOf(texts).filter((text) => text.startsWith("quayside user=")),
  };
}

const deleted = (sets: readonly ResourceRecordSet[]) => sets.map((set) => ["DELETE", set] as const);

/**
 * Repeats a change of a record that another run has changed since it was read: Route 53 refuses to delete other values
 * than the present ones, and with that the whole batch.
 */
async function untilUnchanged(change: () => Promise<void>, attempts = 5): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (attempts <= 1 || !hasErrorCode(error, "InvalidChangeBatch")) throw error;
    await untilUnchanged(change, attempts - 1);
  }
}

/** Creates the record, or names one more user of it. */
async function note(
  { zoneId, name, value, certificateArn, tags }: ValidationRecordDesired,
  context: AwsContext,
): Promise<ValidationRecordState> {
  const user = userOf(tags[OWNER_TAG] ?? "", context.region);
  await untilUnchanged(async () => {
    const { users, present, texts } = await readRecord(zoneId, name, context);
    // A record that exists without a marker is not quayside's.
    if (present === zoneName(value) && users.length === 0) return;
    await changeRecords(
      zoneId,
      [
        ["UPSERT", { Name: name, Type: "CNAME", TTL: 300, ResourceRecords: [{ Value: value }] }],
        ...deleted(texts),
        ["CREATE", textRecord(marker(name), [...new Set([...users, user])])],
      ],
      context,
    );
  });
  return { zoneId, name, user, certificates: [certificateArn] };
}
