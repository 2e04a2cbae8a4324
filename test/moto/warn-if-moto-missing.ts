import { motoIsRequired, motoIsThere } from "./moto-server.js";

/** Said once, before the tests: what is skipped, and how it would run. */
export default function sayIfMissing(): void {
  if (!motoIsThere && !motoIsRequired) {
    console.warn(
      "moto_server is not on PATH: the suites over HTTP are skipped (pip install 'moto[server]==5.2.1').\n",
    );
  }
}
