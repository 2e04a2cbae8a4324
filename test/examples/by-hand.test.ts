import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { clientEnvironment, describeWithClient } from "../local/wire/other-clients.js";

const ACCOUNT = "340754841610";

/** `quayside-local` as a process, and where it listens. */
async function startCommand(...args: readonly string[]) {
  const child = spawn(process.execPath, ["--import", "tsx", "src/bin/quayside-local.ts", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const errors = text(child.stderr);
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      const found = /^export AWS_ENDPOINT_URL=(\S+)$/.exec(line);
      if (found !== null) resolve(found[1]!);
    });
    child.once("exit", () => reject(new Error("quayside-local ended")));
  });
  const stop = async (): Promise<{ code: number | null; errors: string }> => {
    const exited = once(child, "exit") as Promise<[number | null]>;
    child.kill("SIGINT");
    return { code: (await exited)[0], errors: await errors };
  };
  return { url, stop };
}

describeWithClient("the AWS CLI", "the tutorial typed by hand", () => {
  test("deploys, scales, updates and removes the talk-service, and quayside-local ends cleanly", async () => {
    const run = "talk-service=node examples/talk-service/server.mjs";
    const command = await startCommand(
      "--port",
      "0",
      "--time-scale",
      "60",
      "--account",
      ACCOUNT,
      "--run",
      run,
    );
    try {
      const script = spawn("bash", ["examples/by-hand.sh"], { env: clientEnvironment(command.url, ACCOUNT) });
      const [out, errors, [code]] = await Promise.all([
        text(script.stdout),
        text(script.stderr),
        once(script, "exit") as Promise<[number | null]>,
      ]);
      expect({ code, errors }, out).toEqual({ code: 0, errors: "" });
      expect(out).toContain("== two host names answer through the load balancer");
      expect(out).toMatch(/Talk details returned by \w+/);
      expect(out).toContain("== done");
    } finally {
      expect(await command.stop()).toEqual({
        code: 0,
        errors: expect.not.stringContaining("Error") as string,
      });
    }
  });
});
