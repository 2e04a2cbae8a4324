import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Account } from "./moto-server.js";

/** What the other process is asked to do with the release of one version. */
export interface Command {
  /** `look`: reads it afresh. The others work on what was last read. */
  readonly do: "look" | "shift" | "promote" | "rollback" | "retire";
  readonly version: number;
  readonly percent?: number;
  readonly account: Account;
}

export type Answer =
  | { readonly live: string | undefined; readonly weights: Readonly<Record<string, number>> }
  | { readonly code: string };

/** A Node process of its own, which shares nothing with this one but the account. */
export class AnotherProcess {
  readonly #child: ChildProcess;
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
    this.#child = fork(fileURLToPath(new URL("release-process.ts", import.meta.url)), {
      execArgv: ["--import", "tsx"],
      env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    });
  }

  async ask(command: Omit<Command, "account">): Promise<Answer> {
    const answered = once(this.#child, "message") as Promise<[Answer]>;
    const ended = once(this.#child, "exit").then(([code]) => {
      throw new Error(`The other process ended with ${code}`);
    });
    this.#child.send({ ...command, account: this.#account } satisfies Command);
    return (await Promise.race([answered, ended]))[0];
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, "exit");
    if (this.#child.exitCode === null && this.#child.kill()) await exited;
  }
}
