import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Account } from "./http-cloud.js";

/** A Node process of its own, which shares nothing with this one but the account. */
export class AnotherProcess<Command extends object, Answer> {
  readonly #child: ChildProcess;
  readonly #account: Account;

  /** @param program a file of this folder: it answers each command with one message. */
  constructor(program: string, account: Account) {
    this.#account = account;
    this.#child = fork(fileURLToPath(new URL(program, import.meta.url)), {
      execArgv: ["--import", "tsx"],
      env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    });
  }

  async ask(command: Command): Promise<Answer> {
    const answered = once(this.#child, "message") as Promise<[Answer]>;
    const ended = once(this.#child, "exit").then(([code]) => {
      throw new Error(`The other process ended with ${code}`);
    });
    this.#child.send({ ...command, account: this.#account });
    return (await Promise.race([answered, ended]))[0];
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, "exit");
    if (this.#child.exitCode === null && this.#child.kill()) await exited;
  }
}
