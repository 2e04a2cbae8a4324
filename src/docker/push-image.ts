import { docker } from "./docker-command.js";
import { isExpired, pushFailed } from "./docker-errors.js";
import type { ImageProgress, RegistryLogin } from "./image-store.js";
import { withLogin } from "./registry-credentials.js";

export interface PushRun {
  readonly signal: AbortSignal;
  readonly login: () => Promise<RegistryLogin>;
  readonly progress: (progress: ImageProgress) => void;
}

/**
 * Pushes the engine's image with this name; layers that the registry already has are not sent. Credentials that
 * expire during the push are renewed once, and layers that were sent are not sent again.
 *
 * @returns the digest that the registry confirmed; `undefined` if the client does not report it
 */
export async function pushImage(name: string, run: PushRun): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    const login = await run.login();
    const layers = new Layers(run.progress);
    const { code, lines } = await withLogin(login, (env) =>
      docker(["push", name], {
        signal: run.signal,
        activity: "pushing the image",
        env,
        onLine: layers.onLine,
      }),
    );
    if (code === 0) return lines.findLast((line) => DIGEST.test(line))?.match(DIGEST)?.[0];
    if (attempt > 1 || !isExpired(lines)) throw pushFailed(without(login.password, lines), name);
  }
}

const DIGEST = /sha256:[0-9a-f]{64}/;

/** The password is never printed; this covers a registry that echoes it. */
const without = (secret: string, lines: readonly string[]): string[] =>
  lines.map((line) => line.replaceAll(secret, "***"));

/** Counts the layers of a push: `5f70bf18a086: Pushed`. */
class Layers {
  readonly #state = new Map<string, boolean>();
  readonly #progress: PushRun["progress"];

  constructor(progress: PushRun["progress"]) {
    this.#progress = progress;
  }

  readonly onLine = (line: string): void => {
    const match = /^([0-9a-f]{12}): (Preparing|Waiting|Pushed|Layer already exists|Mounted from .+)/.exec(
      line,
    );
    if (match === null) return;
    const [, layer = "", state = ""] = match;
    const isDone = !/^(Preparing|Waiting)/.test(state);
    this.#state.set(layer, isDone);
    if (!isDone) return;
    const done = [...this.#state.values()].filter(Boolean).length;
    this.#progress({
      phase: "push",
      text: `${layer} ${state.toLowerCase()}`,
      done,
      total: this.#state.size,
      unit: "layers",
    });
  };
}
