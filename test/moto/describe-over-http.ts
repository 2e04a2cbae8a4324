import { describe, test } from "vitest";
import { motoIsRequired, motoIsThere } from "./moto-server.js";

/** A suite that has moto as its judge. */
export function describeOverHttp(title: string, suite: () => void): void {
  if (motoIsThere) describe(title, suite);
  else if (motoIsRequired) {
    test(title, () => {
      throw new Error("moto_server is not on PATH, and QUAYSIDE_REQUIRE says that it must be");
    });
  } else describe.skip(`${title} (skipped: moto_server is not on PATH)`, suite);
}
