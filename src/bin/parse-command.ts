import { parseArgs } from "node:util";
import type { ListenOptions, LocalCloudOptions } from "../local/index.js";

export interface CommandOptions {
  readonly account: string;
  readonly cloud: LocalCloudOptions;
  readonly listen: ListenOptions;
}

export const HELP = `Usage: quayside-local [options]

A local cloud in which Amazon ECS behaves as on AWS, for any AWS SDK, the AWS CLI and other tools.

  --port <port>           the port to listen on (4566); 0 for any
  --host <address>        the address to listen on (127.0.0.1)
  --run <image>=<command> run the tasks of an image as this command, with its port in PORT; can be repeated
  --docker                run the other images in this computer's Docker
  --clock <clock>         real, or virtual: AWS's minutes take no time
  --time-scale <factor>   how many times faster AWS's minutes pass (20)
  --region <region>       the region of requests that name none (eu-west-1)
  --account <id>          the account of requests that name none (123456789012)
  --throttling            throttle requests as AWS does
  --eventual-consistency  let new resources become visible only after seconds, as on AWS
  --help                  print this page

Images without a command are simulated. An access key id of twelve digits names the account of a request.`;

/** Reads the command line. Rejects what it does not understand, with a message for the user. */
export function parseCommand(args: readonly string[]): CommandOptions | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: "string" },
      host: { type: "string" },
      run: { type: "string", multiple: true },
      docker: { type: "boolean" },
      clock: { type: "string" },
      "time-scale": { type: "string" },
      region: { type: "string" },
      account: { type: "string" },
      throttling: { type: "boolean" },
      "eventual-consistency": { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) return "help";
  const run = Object.fromEntries((values.run ?? []).map(readRun));
  const scale = values["time-scale"];
  return {
    account: values.account ?? "123456789012",
    cloud: {
      eventualConsistency: values["eventual-consistency"] === true,
      ...(values.run !== undefined && { run }),
      ...(values.docker === true && { docker: true }),
      ...(values.clock !== undefined && { clock: readClock(values.clock), startsAt: new Date() }),
      ...(scale !== undefined && { timeScale: readNumber("--time-scale", scale, 1, 10_000) }),
      ...(values.region !== undefined && { region: readRegion(values.region) }),
    },
    listen: {
      ...(values.port !== undefined && { port: readNumber("--port", values.port, 0, 65_535) }),
      ...(values.host !== undefined && { host: values.host }),
      ...(values.throttling === true && { throttling: true }),
    },
  };
}

function readRun(text: string): [image: string, process: { readonly command: readonly string[] }] {
  const mark = text.indexOf("=");
  const command = words(text.slice(mark + 1));
  if (mark < 1 || command.length === 0)
    throw new Error(
      `--run must be an image and its command, such as talk-service="node server.mjs"; got "${text}".`,
    );
  return [text.slice(0, mark), { command }];
}

/** Splits a command into words as a shell does; quotes keep words together. */
const words = (command: string): string[] =>
  (command.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ""),
  );

function readClock(text: string): "real" | "virtual" {
  if (text === "real" || text === "virtual") return text;
  throw new Error(`--clock must be real or virtual; got "${text}".`);
}

function readRegion(text: string): string {
  if (/^[a-z]{2}(-[a-z]+)+-\d+$/.test(text)) return text;
  throw new Error(`--region must be the name of an AWS region, such as eu-west-1; got "${text}".`);
}

function readNumber(option: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (text.trim() !== "" && number >= min && number <= max) return number;
  throw new Error(`${option} must be a number from ${min} to ${max}; got "${text}".`);
}
