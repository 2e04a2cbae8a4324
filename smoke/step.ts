import type { Cloud, OperationOptions } from "../src/index.js";

/** What a step works with. All names are made of `id`, so that another process can find what was left. */
export interface Env {
  /** Six hexadecimal digits, new for each run. */
  readonly id: string;
  readonly cloud: Cloud;
  /** The same account, in another region. */
  readonly secondRegion: Cloud;
  readonly signal: AbortSignal;
  readonly onEvent?: OperationOptions["onEvent"];
  /** The SSM parameter that stands for a secret. */
  readonly secret: `ssm:${string}`;
  /** The `Name` of a VPC whose public subnets assign no public addresses. */
  readonly vpc: string;
  /** A domain with a certificate in ACM. */
  readonly certificate: string | undefined;
  /** True if the tasks are real, and answer requests. */
  readonly sendsRequests: boolean;
  /** Waits by the cloud's clock. */
  wait(seconds: number): Promise<void>;
  /** Says something that belongs on the page. */
  note(text: string): void;
}

/** Anything that a step creates. */
interface Destroyable {
  destroy(options?: OperationOptions): Promise<{ readonly kept: readonly unknown[] }>;
}

export interface Step {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  /** What AWS answers where its documents leave a doubt. */
  readonly shows: string;
  /** How long it may take on AWS, with its destruction. */
  readonly minutes: number;
  /** What it costs at most, in US dollars: instances, tasks, addresses and load balancers by the hour begun. */
  readonly dollars: number;
  /** A reason for which it cannot run here. */
  readonly unless?: (env: Env) => string | undefined;
  /** Everything that it creates, in the order in which it is destroyed. */
  readonly chains: (env: Env) => readonly Destroyable[];
  readonly run: (env: Env) => Promise<void>;
}

/** Fails the step if something is not as it must be. */
export function expect(isRight: boolean, otherwise: string): void {
  if (!isRight) throw new Error(otherwise);
}

/** The options of every operation of a step. */
export const running = ({ signal, onEvent }: Env): OperationOptions => ({
  signal,
  ...(onEvent !== undefined && { onEvent }),
});
