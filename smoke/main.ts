/*
 * Runs quayside's doubtful steps in an AWS account, and compares what AWS answers with the local cloud.
 *
 *   npm run smoke                              on the local cloud: nothing is sent anywhere
 *   npm run smoke -- --list                    the steps, what each shows, how long it takes and what it costs
 *   npm run smoke -- --aws                     on AWS, with the SDK's own credentials; it asks before it begins
 *   npm run smoke -- --aws --only job,fargate  some of the steps
 *   npm run smoke -- --aws --clean 1a2b3c      destroys what a killed run has left
 *   npm run smoke -- --endpoint http://127.0.0.1:5000
 *
 * More: --yes does not ask; --region; --certificate talk.example.com, a domain with a certificate in ACM; --minutes 55,
 * after which no step ends; --out smoke-recordings, where recordings and the page of differences are written.
 *
 * Ctrl-C ends the steps that run and destroys everything; a second Ctrl-C ends that, too, and says what is left.
 */
import { aws } from "../src/index.js";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { awsTarget } from "./aws-target.js";
import { clean, smoke } from "./smoke.js";
import type { Step } from "./step.js";
import { STEPS } from "./steps.js";
import { localTarget, type Target } from "./target.js";

const { values: flags } = parseArgs({
  options: {
    aws: { type: "boolean", default: false },
    endpoint: { type: "string" },
    region: { type: "string" },
    only: { type: "string" },
    certificate: { type: "string" },
    minutes: { type: "string", default: "55" },
    out: { type: "string", default: "smoke-recordings" },
    clean: { type: "string" },
    list: { type: "boolean", default: false },
    yes: { type: "boolean", default: false },
  },
});
const print = (line: string) => console.log(line);

const stop = new AbortController();
const abandon = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const)
  process.on(name, () => {
    if (stop.signal.aborted) abandon.abort(new Error(`${name} a second time`));
    else {
      print(`${name}: what was created is destroyed. Once more leaves it in the account.`);
      stop.abort(new Error(name));
    }
  });

try {
  const steps = choose(flags.only);
  const minutes = Number(flags.minutes);
  if (!(minutes > 0)) throw new Error(`--minutes must be a number above 0; got ${flags.minutes}`);
  if (flags.list) list(steps);
  else await run(steps, minutes);
} catch (error) {
  process.exitCode = 1;
  print(`✗ ${(error as Error).message}`);
}

async function run(steps: readonly Step[], minutes: number): Promise<void> {
  const id = flags.clean ?? randomBytes(3).toString("hex");
  if (!/^[0-9a-f]{6}$/.test(id)) throw new Error(`--clean must be the six digits of a run; got ${id}`);
  const folder = join(flags.out, id);
  const target = await targetFor(id, folder, steps);
  if (target === undefined) return print("Nothing was sent.");
  const signals = { stop: stop.signal, abandon: abandon.signal };
  if (flags.clean !== undefined) return report(await clean(target, STEPS, stop.signal), id);

  const { results, left, page, differences } = await smoke({
    steps,
    target,
    folder,
    minutes,
    print,
    ...signals,
  });
  await target.close();
  print(`\n${differences.length} differences: ${page}`);
  print(
    "The page and the recordings have no account number, address or secret in them; look at them before you send them.",
  );
  report(left, id);
  if (results.some(({ state }) => state === "failed")) process.exitCode = 1;
}

async function targetFor(id: string, folder: string, steps: readonly Step[]): Promise<Target | undefined> {
  const { endpoint, region, certificate } = flags;
  if (!flags.aws && endpoint === undefined)
    return localTarget(id, { seed: 2, certificate, ...(region !== undefined && { region }) });
  const cloud = aws({ endpoint, region });
  const { Account: account = "" } = await cloud.ports.sts.getCallerIdentity({});
  const here = await cloud.region();
  if (flags.clean === undefined && !(await confirm(account, here, steps))) return undefined;
  const withVpc = steps.some(({ name }) => name === "addresses");
  return awsTarget({ id, account, region: here, endpoint, certificate, record: folder, withVpc });
}

async function confirm(account: string, region: string, steps: readonly Step[]): Promise<boolean> {
  const dollars = steps.reduce((sum, step) => sum + step.dollars, 0);
  print(
    `${steps.length} steps run in account ${account}, ${region} (and one in a second region): at most ${flags.minutes} min, ` +
      `about $${dollars.toFixed(2)}. Everything that they create is destroyed in the end.`,
  );
  if (flags.yes) return true;
  if (!process.stdin.isTTY) throw new Error("There is no terminal to ask on: pass --yes.");
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-C closes the question without an answer.
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  const answer = await Promise.race([terminal.question("Begin? (yes/no) "), closed]);
  terminal.close();
  return answer.trim().toLowerCase() === "yes";
}

function choose(only: string | undefined): readonly Step[] {
  if (only === undefined) return STEPS;
  const names = only.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0)
    throw new Error(
      `--only: unknown step ${unknown.join(", ")}; there are ${STEPS.map(({ name }) => name).join(", ")}`,
    );
  return STEPS.filter(({ name }) => names.includes(name));
}

function list(steps: readonly Step[]): void {
  for (const { name, title, shows, minutes, dollars } of steps)
    print(
      `${name.padEnd(16)}${title}\n${" ".repeat(16)}shows ${shows}; up to ${minutes} min, $${dollars.toFixed(2)}`,
    );
}

function report(left: readonly string[], id: string): void {
  if (left.length === 0) return print("Nothing is left in the account.");
  process.exitCode = 1;
  print(
    `Left in the account (npm run smoke -- --aws --clean ${id} destroys it):\n${left.map((one) => `  ${one}`).join("\n")}`,
  );
}
