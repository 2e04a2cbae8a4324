import {
  localAccount,
  localCloud,
  type Listening,
  type LocalCloud,
  type LocalCloudOptions,
} from "../../src/local/index.js";
import type { Account, HttpCloud } from "./http-cloud.js";

/** How many times faster its minutes pass. */
export const TIME_SCALE = 100;
const REGION = "eu-west-1";
const nothing = { stop: async () => {} };

interface Served {
  readonly cloud: LocalCloud;
  readonly listening: Listening;
}

/** The local cloud behind HTTP. It is as eventually consistent as AWS, whose minutes pass faster. */
export class LocalServer implements HttpCloud {
  readonly #served = new Map<string, Served>();
  readonly #images: LocalCloudOptions["images"];

  constructor(images: LocalCloudOptions["images"] = {}) {
    this.#images = images;
  }

  async newAccount(): Promise<Account> {
    const id = String(200_000_000_001 + this.#served.size);
    const cloud = localCloud({
      ...{ timeScale: TIME_SCALE, region: REGION, account: localAccount({ id }) },
      images: this.#images ?? {},
    });
    const listening = await cloud.listen({ port: 0 });
    this.#served.set(id, { cloud, listening });
    const credentials = { accessKeyId: id, secretAccessKey: "local", sessionToken: "local" };
    const account = { region: REGION, endpoint: listening.url, credentials };
    // Not enumerable, as with moto.
    return Object.defineProperty(account, "id", { value: id }) as Account;
  }

  async openRegion(): Promise<void> {}

  startAgent(): typeof nothing {
    return nothing;
  }

  registerTargets(): typeof nothing {
    return nothing;
  }

  async operationsDuring(work: () => Promise<unknown>): Promise<string[]> {
    const clouds = [...this.#served.values()].map(({ cloud }) => cloud);
    const before = clouds.map(({ calls }) => calls.length);
    await work();
    return (
      clouds
        .flatMap(({ calls }, index) => calls.slice(before[index]))
        // What AWS has refused is sent again: a new role cannot be assumed at once.
        .filter(({ error }) => error === undefined)
        .map(({ operation }) => operation.charAt(0).toUpperCase() + operation.slice(1))
    );
  }

  /** The tagging API is the last to know. */
  settle({ credentials }: Account): Promise<void> {
    return this.#served.get(credentials.accessKeyId)!.cloud.clock.sleep(200_000);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#served.values()].map(({ cloud }) => cloud.close()));
  }
}

/** Its access key ids are account ids. */
export const isLocalAccount = ({ credentials }: Account): boolean => /^\d{12}$/.test(credentials.accessKeyId);
