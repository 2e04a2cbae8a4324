#!/usr/bin/env node
import { localAccount, localCloud } from "../local/index.js";
import { HELP, parseCommand, type CommandOptions } from "./parse-command.js";

/** `quayside-local`: a local cloud as a process of its own, until Ctrl-C. */
async function main(args: readonly string[]): Promise<void> {
  const options = parseCommand(args);
  if (options === "help") return console.log(HELP);
  const cloud = localCloud({ ...options.cloud, account: localAccount({ id: options.account }) });
  try {
    const { url } = await cloud.listen(options.listen);
    console.log(instructions(url, options, await cloud.region()));
  } catch (error) {
    await cloud.close();
    throw error;
  }
  // Not `once`: where tasks run, the signal must still have a handler when theirs asks for one.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void cloud.close());
}

const instructions = (url: string, { account }: CommandOptions, region: string): string =>
  [
    `# The local cloud is ready: account ${account}, region ${region}. Ctrl-C ends it. For clients:`,
    `export AWS_ENDPOINT_URL=${url}`,
    `export AWS_ACCESS_KEY_ID=${account}`,
    "export AWS_SECRET_ACCESS_KEY=local",
    `export AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
  ].join("\n");

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
