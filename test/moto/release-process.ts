import type { BlueGreenRelease, QuaysideError } from "../../src/index.js";
import type { Answer, Command } from "./another-process.js";
import { talkInColours } from "./talk-in-colours.js";

/* The program of another-process.ts: answers each command with what it then knows of the release. */

let release: BlueGreenRelease | undefined;

async function carryOut({ do: what, version, percent = 100, account }: Command): Promise<Answer> {
  try {
    if (what === "look" || release === undefined) release = await talkInColours(account, version).release();
    if (what === "shift") await release.shift(percent);
    else if (what !== "look") await release[what]();
    return { live: release.live, weights: release.weights };
  } catch (error) {
    return { code: (error as QuaysideError).code ?? String(error) };
  }
}

process.on("message", (command: Command) => void carryOut(command).then((answer) => process.send!(answer)));
