import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { fetchThrough } from "../../src/bluegreen/fetch-through.js";
import { VirtualClock } from "../../src/local/core/clock.js";
import { certificate, key } from "./certificate.js";

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(
    servers
      .splice(0)
      .map((server) => new Promise((resolve) => void server.close(resolve).closeAllConnections())),
  );
});

const run = { clock: new VirtualClock(), signal: new AbortController().signal };

async function listen(server: Server, port = 0): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(port, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Answers with the host and the header of the request. */
const echo = (tls: boolean): Server =>
  (tls ? createTlsServer : (createServer as typeof createTlsServer))(
    { cert: certificate, key },
    (request, response) =>
      response.end(
        JSON.stringify([request.headers.host, request.url, request.headers["x-quayside-release"]]),
      ),
  ) as Server;

describe("verify's fetch", () => {
  test("reaches the load balancer with the certificate's name, although that name has no DNS record", async () => {
    const port = await listen(echo(true));
    const fetch = fetchThrough(
      {
        url: "https://conference.example.com/talk",
        loadBalancer: `https://127.0.0.1:${port}`,
        host: "conference.example.com",
      },
      { "x-quayside-release": "secret" },
      run,
      { ca: certificate },
    );
    const expected = (path: string) => [`conference.example.com:${port}`, path, "secret"];
    expect(await (await fetch("/talk/1")).json()).toEqual(expected("/talk/1"));
    expect(await (await fetch("https://conference.example.com/talk?a=b")).json()).toEqual(
      expected("/talk?a=b"),
    );
  });

  test("refuses a certificate for another name, as users' browsers do", async () => {
    const port = await listen(echo(true));
    const fetch = fetchThrough(
      {
        url: "https://other.example.com/",
        loadBalancer: `https://127.0.0.1:${port}`,
        host: "other.example.com",
      },
      {},
      run,
      { ca: certificate },
    );
    await expect(fetch("/")).rejects.toMatchObject({ cause: { code: "ERR_TLS_CERT_ALTNAME_INVALID" } });
  });

  test("names the host of a rule, on a load balancer without a certificate", async () => {
    const port = await listen(echo(false));
    const fetch = fetchThrough(
      { url: "http://talk.example.com/", loadBalancer: `http://127.0.0.1:${port}`, host: "talk.example.com" },
      {},
      run,
    );
    expect(await (await fetch("/health")).json()).toEqual([`talk.example.com:${port}`, "/health", null]);
  });

  test("waits for a new load balancer that does not answer yet", async () => {
    const unused = createServer();
    const port = await listen(unused);
    await new Promise((resolve) => unused.close(resolve));
    let slept = 0;
    const clock = new (class extends VirtualClock {
      override async sleep(): Promise<void> {
        if (++slept === 3) await listen(echo(false), port);
      }
    })();
    const address = { url: `http://127.0.0.1:${port}/`, loadBalancer: `http://127.0.0.1:${port}` };
    const fetch = fetchThrough(address, {}, { ...run, clock });
    expect((await fetch("/")).status).toBe(200);
    expect(slept).toBe(3);
  });
});
