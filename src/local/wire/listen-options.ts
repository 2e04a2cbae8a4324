export interface ListenOptions {
  /** A free TCP port, or 0 for any. @defaultValue 4566 */
  readonly port?: number | undefined;
  /**
   * The address of this computer to listen on. `0.0.0.0` is reached from other computers, too: whoever reaches it can
   * start the processes of `run`. Containers of `docker` need it, as they reach this computer from outside.
   * @defaultValue "127.0.0.1"
   */
  readonly host?: string | undefined;
  /**
   * True if requests are throttled as AWS throttles them: twenty task definitions at once, then one a second.
   * @defaultValue false
   */
  readonly throttling?: boolean | undefined;
}

/** A local cloud that answers over HTTP. */
export interface Listening extends AsyncDisposable {
  /** The endpoint of all services, for `AWS_ENDPOINT_URL`: `http://127.0.0.1:4566`. */
  readonly url: string;
  /** Stops listening. The cloud remains. Regions and accounts that requests have created are closed. */
  close(): Promise<void>;
}
