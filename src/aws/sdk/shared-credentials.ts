import type { AwsCredentials } from "../aws-options.js";

/** Loads credentials; the SDK passes the settings of the client that asks. */
export type CredentialsSource = (client?: object) => Promise<AwsCredentials>;

/** Credentials are renewed this long before they expire, as in the AWS SDK; short-lived ones after half of their time. */
const RENEW_BEFORE = 5 * 60_000;
/** Clients that ask at the same moment share a failure, so that an MFA code is asked for only once. */
const FAILURE_KEPT = 1_000;

/**
 * The credentials of all clients of a cloud: loaded once, however many clients ask for them, and renewed before
 * they expire. (The SDK's clients each load their own: aws-sdk-js-v3 issue 4612.)
 */
export class SharedCredentials {
  readonly #source: CredentialsSource;
  readonly #now: () => number;
  #current: { readonly credentials: AwsCredentials; readonly renewAt: number } | undefined;
  #generation = 0;
  #loading: Promise<AwsCredentials> | undefined;
  #failure: { readonly error: unknown; readonly at: number } | undefined;

  constructor(source: CredentialsSource, now: () => number) {
    this.#source = source;
    this.#now = now;
  }

  /** For the SDK's clients. `memoized` keeps them from caching the answer themselves. */
  readonly provider = Object.assign(
    async ({ callerClientConfig: client }: { readonly callerClientConfig?: object } = {}) => this.get(client),
    { memoized: true },
  );

  async get(client?: object): Promise<AwsCredentials> {
    const current = this.#current;
    if (current !== undefined && this.#now() < current.renewAt) return current.credentials;
    try {
      return await this.#load(client);
    } catch (error) {
      if (current !== undefined && this.#now() < expiryOf(current.credentials)) return current.credentials;
      throw error;
    }
  }

  /** The number of times that credentials were loaded. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Loads the credentials again because AWS answered that they have expired.
   *
   * @param generation - the one before the rejected request was sent
   * @returns True if there are others now.
   */
  async renew(generation: number, client?: object): Promise<boolean> {
    const expired = this.#current;
    // Before the first request there is none: it is sent with the first one.
    if (expired !== undefined && this.#generation > Math.max(generation, 1)) return true;
    this.#current = undefined;
    const { accessKeyId, sessionToken } = await this.#load(client);
    return (
      expired?.credentials.accessKeyId !== accessKeyId || expired.credentials.sessionToken !== sessionToken
    );
  }

  #load(client: object | undefined): Promise<AwsCredentials> {
    const now = this.#now();
    if (this.#failure !== undefined && now - this.#failure.at < FAILURE_KEPT)
      return Promise.reject(this.#failure.error as Error);
    this.#failure = undefined;
    return (this.#loading ??= this.#start(client));
  }

  async #start(client: object | undefined): Promise<AwsCredentials> {
    try {
      const credentials = await this.#source(client);
      const lifetime = expiryOf(credentials) - this.#now();
      this.#current = { credentials, renewAt: expiryOf(credentials) - Math.min(RENEW_BEFORE, lifetime / 2) };
      this.#generation += 1;
      return credentials;
    } catch (error) {
      this.#failure = { error, at: this.#now() };
      throw error;
    } finally {
      this.#loading = undefined;
    }
  }
}

/** The time at which the credentials expire. */
const expiryOf = ({ expiration }: AwsCredentials): number => expiration?.getTime() ?? Infinity;
