import type { Change, ResourceRecordSet } from "@aws-sdk/client-route-53";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { poll, waitReporter } from "../engine/poll.js";

/** A name as Route 53 returns it: with `\052` for a wildcard, and a dot at the end. */
export const zoneName = (name: string): string =>
  `${name.toLowerCase().replace(/\.$/, "").replace(/^\*/, "\\052")}.`;

/** The name of the TXT record that says whose the records of a name are. */
export const markerName = (name: string): string =>
  name.startsWith("*.") ? `_quayside-wildcard.${name.slice(2)}` : `_quayside.${name}`;

/** All record sets of a name. */
export async function recordSetsOf(
  zoneId: string,
  name: string,
  { aws }: AwsContext,
): Promise<readonly ResourceRecordSet[]> {
  // A name has some ten types at most: one page.
  const answer = await ignoreNotFound(
    aws.route53.listResourceRecordSets({ HostedZoneId: zoneId, StartRecordName: name, MaxItems: 100 }),
  );
  return (answer?.ResourceRecordSets ?? []).filter(
    ({ Name = "" }) => zoneName(unescape(Name)) === zoneName(name),
  );
}

const unescape = (name: string): string => name.replace(/^\\052/, "*");

/** The values of a TXT record, without their quotation marks. */
export const textsOf = (sets: readonly ResourceRecordSet[]): readonly string[] =>
  sets
    .filter(({ Type }) => Type === "TXT")
    .flatMap(({ ResourceRecords = [] }) => ResourceRecords)
    .map(({ Value = "" }) => Value.replace(/^"|"$/g, ""));

export const textRecord = (name: string, values: readonly string[]): ResourceRecordSet => ({
  Name: name,
  Type: "TXT",
  TTL: 300,
  ResourceRecords: values.map((value) => ({ Value: `"${value}"` })),
});

/** Sends a batch, which Route 53 makes as a whole or not at all, and returns the ID of the change. */
export async function changeRecords(
  zoneId: string,
  changes: readonly (readonly [action: Change["Action"], set: ResourceRecordSet])[],
  { aws }: AwsContext,
): Promise<string | undefined> {
  const { ChangeInfo } = await aws.route53.changeResourceRecordSets({
    HostedZoneId: zoneId,
    ChangeBatch: {
      Comment: "quayside",
      Changes: changes.map(([Action, ResourceRecordSet]) => ({ Action, ResourceRecordSet })),
    },
  });
  return ChangeInfo?.Id?.replace(/^\/change\//, "");
}

/** Waits until all name servers of Route 53 know a change. */
export async function untilInsync(
  changeId: string | undefined,
  what: { readonly kind: string; readonly name: string },
  context: AwsContext,
): Promise<void> {
  if (changeId === undefined) return;
  const reportWait = waitReporter(context, what.kind, what.name);
  await poll(
    {
      context,
      every: 10_000,
      timeout: 10 * 60_000,
      what: `the DNS records of ${what.name} to be known to all name servers of Route 53`,
    },
    async () => {
      const { ChangeInfo } = await context.aws.route53.getChange({ Id: changeId });
      if (ChangeInfo?.Status === "INSYNC") return true;
      reportWait("Route 53 is propagating the records (up to a minute)");
      return undefined;
    },
  );
}
