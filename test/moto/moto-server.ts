import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  DescribeRouteTablesCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { Agent } from "./agent.js";
import type { Account, HttpCloud } from "./http-cloud.js";
import type { RawClients } from "./raw-clients.js";
import { registerTargets } from "./register-targets.js";

export const motoIsThere = (process.env["PATH"] ?? "")
  .split(delimiter)
  .some((folder) => existsSync(join(folder, "moto_server")));

/** `QUAYSIDE_REQUIRE=moto` (CI): a missing judge is a failure, not a skip. */
export const motoIsRequired = (process.env["QUAYSIDE_REQUIRE"] ?? "").split(",").includes("moto");

const REGION = "eu-west-1";

/** A running moto_server: AWS's APIs over HTTP, as others understand them. */
export class MotoServer implements HttpCloud {
  readonly endpoint: string;
  readonly #child: ChildProcess;
  readonly #folder: string;
  #accounts = 0;

  private constructor(endpoint: string, child: ChildProcess, folder: string) {
    this.endpoint = endpoint;
    this.#child = child;
    this.#folder = folder;
  }

  static async start(): Promise<MotoServer> {
    const folder = await mkdtemp(join(tmpdir(), "quayside-moto-"));
    const child = spawn("moto_server", ["-H", "127.0.0.1", "-p", "0"], {
      // It leaves its recordings in the folder that it was started in.
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        ...process.env,
        MOTO_IAM_LOAD_MANAGED_POLICIES: "true",
        // Seconds until a requested certificate is issued.
        MOTO_ACM_VALIDATION_WAIT: "1",
        // Services of two tasks count as running; it runs no tasks.
        MOTO_ECS_SERVICE_RUNNING: "2",
      },
    });
    const lines = createInterface(child.stderr!);
    const endpoint = await new Promise<string>((resolve, reject) => {
      const said: string[] = [];
      lines.on("line", (line) => {
        said.push(line);
        const address = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line);
        if (address !== null) resolve(address[1]!);
      });
      child.once("error", reject);
      child.once("exit", () => reject(new Error(`moto_server ended: ${said.join("\n")}`)));
    });
    return new MotoServer(endpoint, child, folder);
  }

  openRegion(account: Account): Promise<void> {
    return openDefaultVpc(account);
  }

  startAgent(raw: RawClients): Agent {
    return new Agent(raw);
  }

  registerTargets(raw: RawClients): ReturnType<HttpCloud["registerTargets"]> {
    return registerTargets(raw);
  }

  async settle(): Promise<void> {}

  async stop(): Promise<void> {
    const exited = once(this.#child, "exit");
    if (this.#child.exitCode === null && this.#child.kill("SIGKILL")) await exited;
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** An account that nobody has used, with its own default VPC; its keys are what tell accounts apart. */
  async newAccount(): Promise<Account> {
    const id = String(100_000_000_000 + ++this.#accounts);
    const answer = await fetch(this.endpoint, {
      method: "POST",
      headers: { authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sts/aws4_request" },
      body: new URLSearchParams({
        Action: "AssumeRole",
        Version: "2011-06-15",
        RoleArn: `arn:aws:iam::${id}:role/tester`,
        RoleSessionName: "test",
      }),
    });
    const xml = await answer.text();
    const field = (name: string): string => new RegExp(`<${name}>([^<]+)<`).exec(xml)![1]!;
    const account = {
      region: REGION,
      endpoint: this.endpoint,
      credentials: {
        accessKeyId: field("AccessKeyId"),
        secretAccessKey: field("SecretAccessKey"),
        sessionToken: field("SessionToken"),
      },
    };
    await openDefaultVpc({ ...account, id });
    // Not enumerable, so that the rest stands as the options of aws().
    return Object.defineProperty(account, "id", { value: id }) as Account;
  }

  /** The names of the operations that reach the server while `work` runs: its word, not the library's. */
  async operationsDuring(work: () => Promise<unknown>): Promise<string[]> {
    const recorder = (path: string, method: string) =>
      fetch(`${this.endpoint}/moto-api/recorder/${path}`, { method }).then((answer) => answer.text());
    await recorder("reset-recording", "POST");
    await recorder("start-recording", "POST");
    try {
      await work();
    } finally {
      await recorder("stop-recording", "POST");
    }
    const recording = await recorder("download-recording", "GET");
    return recording.split("\n").filter(Boolean).map(operationOf);
  }
}

/** A default VPC of AWS has an internet gateway; moto's has none. */
async function openDefaultVpc({ endpoint, region, credentials }: Account): Promise<void> {
  const ec2 = new EC2Client({ endpoint, region, credentials });
  try {
    const { Vpcs = [] } = await ec2.send(
      new DescribeVpcsCommand({ Filters: [{ Name: "is-default", Values: ["true"] }] }),
    );
    const VpcId = Vpcs[0]!.VpcId!;
    const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
    const GatewayId = InternetGateway!.InternetGatewayId!;
    await ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId: GatewayId }));
    const { RouteTables = [] } = await ec2.send(
      new DescribeRouteTablesCommand({ Filters: [{ Name: "vpc-id", Values: [VpcId] }] }),
    );
    const { RouteTableId } = RouteTables[0]!;
    await ec2.send(new CreateRouteCommand({ RouteTableId, GatewayId, DestinationCidrBlock: "0.0.0.0/0" }));
  } finally {
    ec2.destroy();
  }
}

interface RecordedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly body_encoded: boolean;
  readonly url: string;
  readonly method: string;
}

/** JSON protocols name the operation in a header, the query protocol in the body; REST has the method and path. */
function operationOf(line: string): string {
  const { headers, body = "", body_encoded, url, method } = JSON.parse(line) as RecordedRequest;
  const target = Object.entries(headers).find(([name]) => name.toLowerCase() === "x-amz-target")?.[1];
  if (target !== undefined) return target.slice(target.lastIndexOf(".") + 1);
  const text = body_encoded ? Buffer.from(body, "base64").toString() : body;
  const { pathname } = new URL(url);
  if (method === "GET" && pathname === "/schedules") return "ListSchedules";
  return new URLSearchParams(text).get("Action") ?? `unknown: ${line}`;
}
