import { ServiceError } from "../core/service-error.js";
import { endpointsOf, localAccount, type LocalAccount } from "../local-account.js";
import type { Endpoint } from "./endpoint.js";

export interface Created {
  close(): Promise<void>;
}

export interface RegionsOptions {
  /** The account and the region of requests that name none. */
  readonly account: LocalAccount;
  readonly region: string;
  /** Creates another region of an account. */
  readonly create: (account: LocalAccount, region: string) => Created;
}

const REGION = /^[a-z]{2}(-[a-z]+)+-\d+$/;

/** The accounts and regions behind one address: those that exist, and those that requests create. */
export class Regions {
  readonly #options: RegionsOptions;
  readonly #accounts = new Map<string, LocalAccount>();
  readonly #created: Created[] = [];
  /** Where tasks reach this cloud. */
  url: string | undefined;

  constructor(options: RegionsOptions) {
    this.#options = options;
    this.#accounts.set(options.account.id, options.account);
  }

  /** Without a region, the first one of the account: IAM is in all of them. */
  find(accountId: string | undefined, region: string | undefined): Endpoint {
    const account = this.#account(accountId);
    const endpoints = endpointsOf(account);
    const [first] = endpoints.values();
    const isOwn = account === this.#options.account;
    const wanted = region !== undefined && REGION.test(region) ? region : undefined;
    const known =
      wanted === undefined
        ? ((isOwn ? endpoints.get(this.#options.region) : undefined) ?? first)
        : endpoints.get(wanted);
    return this.#reach(known ?? this.#create(account, wanted ?? this.#options.region));
  }

  /** All that requests have reached so far, and the cloud that listens. */
  reached(): readonly Endpoint[] {
    return [...this.#accounts.values()]
      .flatMap((account) => [...endpointsOf(account).values()])
      .filter(({ account }) => account.endpointUrl !== undefined && account.endpointUrl === this.url);
  }

  async close(): Promise<void> {
    for (const { account } of this.reached()) account.endpointUrl = undefined;
    await Promise.all(this.#created.splice(0).map((cloud) => cloud.close()));
  }

  #account(id: string = this.#options.account.id): LocalAccount {
    const account = this.#accounts.get(id) ?? localAccount({ id });
    this.#accounts.set(id, account);
    return account;
  }

  #create(account: LocalAccount, region: string): Endpoint {
    try {
      this.#created.push(this.#options.create(account, region));
    } catch (error) {
      // A region of another partition than the account's.
      const message = error instanceof Error ? error.message : String(error);
      throw new ServiceError("UnrecognizedClientException", message);
    }
    return endpointsOf(account).get(region)!;
  }

  #reach(endpoint: Endpoint): Endpoint {
    endpoint.account.endpointUrl = this.url;
    return endpoint;
  }
}
