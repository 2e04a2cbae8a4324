/** A listener for HTTPS. */
export interface HttpsOptions {
  /**
   * The certificate's ARN, or a domain: then the certificate for it is looked up in ACM, an exact one
   * before a wildcard's, and of several the one that is valid longest.
   */
  readonly certificate: string;
  /**
   * A listener for HTTP that sends everything on to HTTPS (301): `true` on port 80, or a port.
   * @defaultValue `false`
   */
  readonly redirectHttp?: boolean | number | undefined;
}
