import { connect, type ClientHttp2Session } from "node:http2";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { Cluster, Deployment, LoadBalancer } from "../../src/index.js";
import { localCloud, type LocalCloud } from "../../src/local/index.js";
import { UNHURRIED } from "./unhurried.js";

const script = fileURLToPath(new URL("../local/runtime/grpc-server.mjs", import.meta.url));
const DOMAIN = "talk.example.com";

let cloud: LocalCloud;
let session: ClientHttp2Session | undefined;
afterEach(async () => {
  session?.destroy();
  await cloud.close();
});

const talk = (version: number) =>
  new Deployment("talk-service")
    .image(`talk-service:${version}`)
    .port(50051)
    .cluster(new Cluster("conference-cluster").ec2({ instanceType: "t3.small" }))
    .behindAlb(new LoadBalancer("conferenceAlb").https(443, { certificate: DOMAIN }), {
      protocol: "grpc",
      healthCheck: { path: "/conference.Talks/Version" },
      deregistrationDelay: "5s",
    })
    .on(cloud);

/** One unary call over the connection: gRPC's status and the text of the message. */
const call = (path = "/conference.Talks/Version"): Promise<{ status: string; text: string }> =>
  new Promise((resolve, reject) => {
    const stream = session!.request({
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
    });
    let status = "";
    const chunks: Buffer[] = [];
    stream.on("response", (headers) => (status = String(headers["grpc-status"] ?? "")));
    stream.on("trailers", (trailers) => (status = String(trailers["grpc-status"])));
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", reject);
    stream.on("end", () => resolve({ status, text: Buffer.concat(chunks).subarray(5).toString() }));
    stream.end(Buffer.alloc(5));
  });

test("a gRPC service is called over TLS and HTTP/2, and a rolling update loses no call", async () => {
  const run = (version: string) => ({ command: ["node", script], env: { VERSION: version } });
  cloud = localCloud({
    timeScale: 200,
    run: { "talk-service:1": run("1"), "talk-service:2": run("2") },
    certificates: [{ domain: DOMAIN }],
  });
  const { url } = await talk(1).deploy(UNHURRIED);
  session = connect(url!, { ca: await cloud.certificateAuthority() });
  expect(await call()).toEqual({ status: "0", text: "1" });
  expect(await call("/conference.Talks/Other")).toEqual({ status: "12", text: "" });

  let isOver = false;
  const answers: string[] = [];
  const calling = (async () => {
    while (!isOver) {
      const { status, text } = await call();
      answers.push(`${status} ${text}`);
    }
  })();
  await talk(2).deploy(UNHURRIED);
  isOver = true;
  await calling;
  expect(new Set(answers)).toEqual(new Set(["0 1", "0 2"]));
  expect(await call()).toEqual({ status: "0", text: "2" });
});
