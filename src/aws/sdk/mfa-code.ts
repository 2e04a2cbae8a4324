import type { AwsSettings } from "../aws-options.js";
import { credentialsError } from "../credentials-error.js";

/** Returns the code of the device: from the user's function, else from the terminal. */
export async function mfaCode(serial: string, { mfa }: Pick<AwsSettings, "mfa">): Promise<string> {
  const code = (await (mfa ?? askOnTerminal)(serial)).trim();
  if (/^\d{6}$/.test(code)) return code;
  throw credentialsError(
    "mfa-failed",
    `the MFA code for ${serial} is not valid: it must be six digits`,
    "Run it again, and enter the six digits that the device shows.",
  );
}

async function askOnTerminal(serial: string): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) throw mfaRequired(serial, "there is no terminal to ask for it");
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: stdin, output: stderr });
  const closed = new AbortController();
  // Ctrl-C and Ctrl-D close it, and would leave the question unanswered.
  terminal.once("close", () => closed.abort());
  try {
    return await terminal.question(`MFA code for ${serial}: `, { signal: closed.signal });
  } catch (cause) {
    throw mfaRequired(serial, "none was entered", cause);
  } finally {
    terminal.close();
  }
}

const mfaRequired = (serial: string, why: string, cause?: unknown) =>
  credentialsError(
    "mfa-required",
    `the credentials need an MFA code of ${serial}, and ${why}`,
    "Run it in a terminal, or pass a function that returns the code: aws({ mfa: async (serial) => code }).",
    cause,
  );
