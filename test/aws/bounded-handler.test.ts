import { NodeHttpHandler } from "@smithy/node-http-handler";
import { afterEach, expect, test } from "vitest";
import { sendBounded, type Handler } from "../../src/aws/sdk/bounded-handler.js";
import { closeServers, serve } from "./http-servers.js";

afterEach(closeServers);

const send = (url: string, bounds: { readonly attempt: number; readonly size: number }) => {
  const { hostname, port } = new URL(url);
  const request = { protocol: "http:", hostname, port: Number(port), method: "POST", path: "/", headers: {} };
  return sendBounded(new NodeHttpHandler() as unknown as Handler, request, {}, bounds);
};

test("a response that stalls within its body ends with an error that the SDK tries again", async () => {
  const { url } = await serve((_, response) => void response.writeHead(200).write("{"));
  await expect(send(url, { attempt: 200, size: 1_000 })).rejects.toMatchObject({
    name: "TimeoutError",
    message: "127.0.0.1 did not complete its response within 0.2 s",
  });
});

test("a response that is larger than any of AWS's is not read to its end", async () => {
  const { url } = await serve((_, response) => response.writeHead(200).end("x".repeat(2_000)));
  await expect(send(url, { attempt: 60_000, size: 1_000 })).rejects.toThrow("larger than 1000 bytes");
});
