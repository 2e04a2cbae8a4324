/** Shared by all regions of an account. IAM names are case-insensitive: the maps' keys are lower-case names. */
export interface IamState {
  readonly roles: Map<string, Role>;
  /** Names of deleted roles. */
  readonly deletedRoles: Set<string>;
  readonly instanceProfiles: Map<string, InstanceProfile>;
  /** The account's own managed policies, keyed by ARN. */
  readonly policies: Map<string, ManagedPolicy>;
  /** Assumed roles, by access key id. */
  readonly sessions: Map<string, RoleSession>;
  readonly users: Map<string, User>;
  readonly groups: Map<string, Group>;
}

/** A role that was assumed: by AssumeRole, or by ECS and EC2 for a task or an instance. */
export interface RoleSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly token: string;
  /** By the clock of the caller's computer, as its SDK compares them. */
  readonly expiresAt: Date;
  /** `arn:aws:sts::123456789012:assumed-role/talk/3f2a…` */
  readonly arn: string;
  /** `AROA…:3f2a…` */
  readonly userId: string;
  /** The key of the role in IAM; it may not exist. */
  readonly role: string;
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly createdAt: Date;
  readonly tags: Map<string, string>;
  readonly attached: Set<string>;
  readonly inline: Map<string, string>;
  /** By id. */
  readonly accessKeys: Map<string, AccessKey>;
}

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly createdAt: Date;
  readonly attached: Set<string>;
  readonly inline: Map<string, string>;
  /** The keys of its users. */
  readonly members: Set<string>;
}

export interface AccessKey {
  readonly id: string;
  readonly createdAt: Date;
  status: "Active" | "Inactive";
}

/** Who signed a request from the network, if it is not the cloud's own caller. */
export interface Principal {
  readonly arn: string;
  readonly userId: string;
  /** `undefined` for a user's access key, which does not expire. */
  readonly expiresAt?: Date | undefined;
  /** Where its policies are; `undefined` for a role that was not created here. */
  readonly identity: Pick<Role, "attached" | "inline"> | undefined;
}

export interface ManagedPolicy {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly description: string | undefined;
  readonly createdAt: Date;
  updatedAt: Date;
  /** Oldest first. */
  readonly versions: { readonly id: string; readonly document: string; readonly createdAt: Date }[];
  defaultVersion: string;
  readonly tags: Map<string, string>;
}

export interface Role {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly createdAt: Date;
  trustPolicy: string;
  description: string | undefined;
  /** Seconds. */
  maxSessionDuration: number;
  /** The ARN of the policy. */
  permissionsBoundary: string | undefined;
  readonly attached: Set<string>;
  readonly inline: Map<string, string>;
  readonly tags: Map<string, string>;
  /** From this clock time on, it has the permissions that were last given to it. */
  permittedAt: number;
  /** From this clock time on, other services see it when they check that the caller may pass it. */
  readonly passableAt: number;
  /** From this clock time on, other services can assume it. */
  readonly assumableAt: number;
  /** The last time that a service assumed it. */
  lastUsed?: { readonly at: Date; readonly region: string };
}

export interface InstanceProfile {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly createdAt: Date;
  roleName: string | undefined;
  readonly tags: Map<string, string>;
  /** From this clock time on, EC2 sees it, with its current role. */
  usableAt: number;
}

export const emptyIam = (): IamState => ({
  roles: new Map(),
  deletedRoles: new Set(),
  instanceProfiles: new Map(),
  policies: new Map(),
  sessions: new Map(),
  users: new Map(),
  groups: new Map(),
});
