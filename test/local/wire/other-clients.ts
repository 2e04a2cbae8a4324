import { execFileSync } from "node:child_process";
import { describe, test } from "vitest";

/** `QUAYSIDE_REQUIRE=aws-cli` (CI): a missing client is a failure, not a skip. */
const isRequired = (process.env["QUAYSIDE_REQUIRE"] ?? "").split(",").includes("aws-cli");

function isThere(program: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const CLIENTS = {
  "the AWS CLI": () => isThere("aws", "--version") && isThere("bash", "-c", "command -v curl"),
  boto3: () => isThere("python3", "-c", "import boto3"),
} as const;

/** A suite that has a client as its judge which others wrote. */
export function describeWithClient(client: keyof typeof CLIENTS, title: string, suite: () => void): void {
  if (CLIENTS[client]()) describe(title, suite);
  else if (isRequired) {
    test(title, () => {
      throw new Error(`${client} is not installed, and QUAYSIDE_REQUIRE says that it must be`);
    });
  } else describe.skip(`${title} (skipped: ${client} is not installed)`, suite);
}

/** The environment of a client of the cloud at `url`, without this computer's own accounts. */
export const clientEnvironment = (url: string, account = "123456789012"): NodeJS.ProcessEnv => ({
  PATH: process.env["PATH"],
  HOME: process.env["HOME"],
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: account,
  AWS_SECRET_ACCESS_KEY: "local",
  AWS_DEFAULT_REGION: "eu-west-1",
  AWS_CONFIG_FILE: "none",
  AWS_SHARED_CREDENTIALS_FILE: "none",
  AWS_EC2_METADATA_DISABLED: "true",
});
