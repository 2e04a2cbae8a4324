/** Where a request to a name goes: the ports of this computer at which tasks listen, in the order to try them. */
export interface Upstream {
  readonly port: number;
  /** Seconds for a whole response; 0: none. */
  readonly requestTimeout: number;
}

export type ChooseUpstreams = (isTest?: boolean) => readonly Upstream[] | "unreachable";

/** Where a proxy listens, besides the loopback address; `undefined`: nowhere else. */
export type OtherAddress = string | undefined;

export interface ConnectProxy {
  readonly port: number;
  end(): Promise<void>;
}
