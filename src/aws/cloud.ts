import type { ImageStore } from "../docker/image-store.js";
import type { Clock } from "../engine/clock.js";
import type { LocalScope } from "../engine/events.js";
import type { AwsApi } from "./api.js";

/** A cloud: AWS itself, an endpoint with the same API, or the local cloud. */
export interface Cloud {
  readonly region: () => Promise<string>;
  /** @internal */
  readonly ports: AwsApi;
  /** The accounts in which a run may change something. @defaultValue every account @internal */
  readonly allowedAccounts?: readonly string[] | undefined;
  /** True if runs may read all roles of the account at once. @defaultValue `false` @internal */
  readonly readAccountRoles?: boolean | undefined;
  /** Builds and stores images. @internal */
  readonly images: ImageStore;
  /** @internal */
  readonly clock: Clock;
  /**
   * The same for clouds whose requests AWS counts together, as far as that is known: runs of one process share what is
   * left of AWS's rates. @defaultValue only the runs on this cloud @internal
   */
  readonly pace?: string | undefined;
  /** The clock of a local cloud. @internal */
  readonly local?: LocalScope;
  /**
   * Milliseconds that AWS's clock is ahead of `clock`, as far as answers have shown. @defaultValue always 0
   * @internal
   */
  readonly clockOffset?: () => number;
  /**
   * The certificate of an authority besides the well-known ones, as PEM, that signs those of HTTPS listeners.
   * @defaultValue none @internal
   */
  readonly certificateAuthority?: () => Promise<string>;
  /**
   * The answer to a request, where load balancers have no address that a client can reach: on a virtual clock.
   * Rejects as `fetch` does. @internal
   */
  readonly answer?: (
    request: Request,
    loadBalancer: Pick<ListenerAddress, "dnsName" | "port">,
  ) => Promise<Response>;
  /**
   * True once the DNS name of a load balancer resolves, which takes up to some minutes after its creation.
   * @defaultValue always true @internal
   */
  readonly resolves?: (dnsName: string) => Promise<boolean>;
  /** Returns a number in [0, 1), for the jitter of waits. @internal */
  readonly random: () => number;
  /**
   * The base URL at which a listener of a load balancer answers: `http://name.elb.amazonaws.com`. A cloud on this
   * computer has a port of its own for each `host`.
   */
  address(listener: ListenerAddress): string;
}

export interface ListenerAddress {
  readonly dnsName: string;
  readonly protocol: "http" | "https" | "tcp" | "tls" | "udp";
  readonly port: number;
  /** A host that a listener rule or the certificate names. @defaultValue the load balancer's own */
  readonly host?: string;
}
