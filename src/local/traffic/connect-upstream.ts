/** Where a request to a name goes: the ports of this computer at which tasks listen, in the order to try them. */
export interface Upstream {
  readonly port: number;
  /** Seconds for a whole response; 0: none. */
  readonly requestTimeout: number;
}

export type ChooseUpstreams = (isTest?: boolean) => readonly Upstream[] | "unreachable";

export interface ConnectProxy {
  readonly port: number;
  end(): Promise<void>;
}
