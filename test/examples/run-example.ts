import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect } from "vitest";

/** Runs a program or a shell script of `examples/` to its successful end, and returns what it wrote. */
export async function runExample(file: string, ...args: readonly string[]): Promise<string> {
  const [command, ...before] = file.endsWith(".sh") ? ["bash"] : [process.execPath, "--import", "tsx"];
  const child = spawn(command!, [...before, `examples/${file}`, ...args], {
    env: {
      ...process.env,
      NO_COLOR: "1",
      FORCE_COLOR: undefined,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  expect({ code, err }, out).toEqual({ code: 0, err: "" });
  return out;
}
