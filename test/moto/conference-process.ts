import type { QuaysideError } from "../../src/index.js";
import { conferenceService } from "./conference-service.js";
import type { Account } from "./http-cloud.js";

/* A program for another-process.ts: one script of one service, which knows nothing of the others. */

export interface ConferenceCommand {
  readonly do: "start" | "deploy" | "plan" | "destroy";
  readonly name: string;
}

export type ConferenceAnswer =
  | { readonly url: string | undefined }
  | { readonly changes: readonly string[] }
  | { readonly kept: readonly string[] }
  | { readonly code: string; readonly message: string };

async function carryOut({
  do: what,
  name,
  account,
}: ConferenceCommand & { readonly account: Account }): Promise<ConferenceAnswer> {
  const service = conferenceService(account, name);
  try {
    if (what === "start") return { changes: [] };
    if (what === "deploy") return { url: (await service.deploy()).url };
    if (what === "destroy") return { kept: (await service.destroy()).kept.map(({ resource }) => resource) };
    const { changes } = await service.plan();
    return { changes: changes.filter(({ action }) => action !== "none").map(({ resource }) => resource) };
  } catch (error) {
    const { code, message } = error as QuaysideError;
    return { code, message };
  }
}

process.on(
  "message",
  (command: Parameters<typeof carryOut>[0]) => void carryOut(command).then((answer) => process.send!(answer)),
);
