import { Deployment, type BlueGreenRelease, type QuaysideError } from "../../src/index.js";
import type { Account } from "./http-cloud.js";
import { overHttp } from "./over-http.js";
import { talkInColors } from "./talk-in-colors.js";

/* A program for another-process.ts: answers each command with what it then knows of the release. */

/** What it is asked to do with the release of one version. */
export interface ReleaseCommand {
  /** `look`: reads it afresh. The others work on what was last read. */
  readonly do: "look" | "shift" | "promote" | "rollback" | "retire";
  readonly version: number;
  readonly percent?: number;
  /** True for a process that knows nothing but the deployment's name. @defaultValue false */
  readonly byName?: boolean;
}

export type ReleaseAnswer =
  | { readonly live: string | undefined; readonly weights: Readonly<Record<string, number>> }
  | { readonly code: string };

let release: BlueGreenRelease | undefined;

async function carryOut({
  do: what,
  version,
  percent = 100,
  byName = false,
  account,
}: ReleaseCommand & { readonly account: Account }): Promise<ReleaseAnswer> {
  try {
    if (what === "look" || release === undefined)
      release = await (
        byName
          ? Deployment.named("talk-service").on(overHttp(account, { shorter: 50 }))
          : talkInColors(account, version)
      ).release();
    if (what === "shift") await release.shift(percent);
    else if (what !== "look") await release[what]();
    return { live: release.live, weights: release.weights };
  } catch (error) {
    return { code: (error as QuaysideError).code ?? String(error) };
  }
}

process.on(
  "message",
  (command: Parameters<typeof carryOut>[0]) => void carryOut(command).then((answer) => process.send!(answer)),
);
