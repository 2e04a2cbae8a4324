import type { LocalCloudOptions } from "../../src/local/index.js";
import type { RawClients } from "./raw-clients.js";

/** An account behind an endpoint, as options of `aws()`; its id is not among them. */
export interface Account {
  readonly id: string;
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
}

/** AWS's APIs over HTTP, as somebody else than quayside's own clients has them: moto, or the local cloud. */
export interface HttpCloud {
  /** An account that nobody has used, with its own default VPC. */
  newAccount(): Promise<Account>;
  /** Lets the default VPC of another region lead to the internet, where it does not by itself. */
  openRegion(account: Account): Promise<void>;
  /** Plays the agents of the account's instances, where nothing else does. */
  startAgent(raw: RawClients): { stop(): Promise<void> };
  /** Plays ECS, which registers targets, where nothing else does. */
  registerTargets(raw: RawClients): { stop(): Promise<void> };
  /** The names of the operations that reach the server while `work` runs: its word, not the library's. */
  operationsDuring(work: () => Promise<unknown>): Promise<string[]>;
  /** Waits until everybody knows what was just made: AWS is eventually consistent, and so is the local cloud. */
  settle(account: Account): Promise<void>;
  stop(): Promise<void>;
}

export interface HttpClouds {
  readonly isLocal: boolean;
  /** @param images - how the images behave where tasks run */
  start(images?: LocalCloudOptions["images"]): Promise<HttpCloud>;
}

export const isWrite = (operation: string): boolean =>
  !/^(Describe|List|Get|BatchGet|Filter)/.test(operation);
