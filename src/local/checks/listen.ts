import { isIP } from "node:net";
import { formatValue } from "../../spec/parsing/format-value.js";
import { Issues } from "../../spec/parsing/issues.js";
import { OptionsReader } from "../../spec/parsing/options-reader.js";
import type { ListenOptions } from "../wire/listen-options.js";

/** Checks the options of `listen`: a port or a host that cannot be is refused before anything listens. */
export function checkListenOptions(given: unknown): void {
  const issues = new Issues();
  const options = new OptionsReader<ListenOptions>(given, "options", issues);
  options.integer("port", { min: 0, max: 65_535 });
  const host = options.string("host", "an address of this computer");
  if (host !== undefined && host !== "localhost" && isIP(host) === 0)
    options.issue(
      "host",
      `must be an address of this computer, such as "127.0.0.1" or "0.0.0.0"; got ${formatValue(host)}`,
    );
  options.boolean("throttling");
  options.close();
  issues.throwIfAny("listen()");
}
