import { describe, test } from "vitest";
import type { HttpClouds } from "./http-cloud.js";
import { LocalServer } from "./local-server.js";
import { motoIsRequired, motoIsThere, MotoServer } from "./moto-server.js";

/** A suite over HTTP, once against moto, the judge that others wrote, and once against the local cloud. */
export function describeOverHttp(title: string, suite: (clouds: HttpClouds) => void): void {
  describe(`${title}, against the local cloud`, () =>
    suite({ isLocal: true, start: async (images) => new LocalServer(images) }));
  describeWithMoto(title, () => suite({ isLocal: false, start: () => MotoServer.start() }));
}

/** A suite that has only moto as its judge. */
export function describeWithMoto(title: string, suite: () => void): void {
  if (motoIsThere) describe(title, suite);
  else if (motoIsRequired) {
    test(title, () => {
      throw new Error("moto_server is not on PATH, and QUAYSIDE_REQUIRE says that it must be");
    });
  } else describe.skip(`${title} (skipped: moto_server is not on PATH)`, suite);
}
