import type { ResourceRecordSet } from "@aws-sdk/client-route-53";

/** Shared by all regions of an account: Route 53 is global. Keys are IDs without their prefix. */
export interface Route53State {
  readonly zones: Map<string, HostedZone>;
  /** ID of a change -> the clock time from which all name servers know it. */
  readonly changes: Map<string, { readonly at: number; readonly insyncAt: number }>;
}

export interface HostedZone {
  readonly id: string;
  /** In lower case, with a dot at the end: `example.com.` */
  readonly name: string;
  readonly callerReference: string;
  readonly comment: string | undefined;
  readonly isPrivate: boolean;
  /** Those of a private zone. */
  readonly vpcs: { readonly id: string; readonly region: string }[];
  /** False if the registrar of the domain does not name its name servers: nothing finds its records. */
  isDelegated: boolean;
  readonly nameServers: readonly string[];
  /** Keyed by name, type and set identifier. */
  readonly records: Map<string, StoredRecord>;
}

/** A record set as Route 53 returns it, with the clock time from which its name servers answer it. */
export interface StoredRecord {
  readonly set: ResourceRecordSet;
  readonly visibleAt: number;
}

export const emptyRoute53 = (): Route53State => ({ zones: new Map(), changes: new Map() });
