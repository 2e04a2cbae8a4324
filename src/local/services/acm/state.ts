/** Keys are ARNs. */
export interface AcmState {
  readonly certificates: Map<string, Certificate>;
}

export interface Certificate {
  readonly arn: string;
  readonly domain: string;
  /** All names, including the domain itself, as ACM lists them. */
  readonly names: readonly string[];
  status: CertificateStatus;
  /** When it was requested, or came into being. */
  readonly createdAt: Date;
  issuedAt: Date;
  notAfter: Date;
  readonly tags: Map<string, string>;
  /** Set if it was requested here: it is issued once its records are found. */
  readonly request?: {
    readonly token: string | undefined;
    /** Name -> the record that validates it. */
    readonly records: ReadonlyMap<string, { readonly name: string; readonly value: string }>;
    failure?: "CAA_ERROR";
  };
  /** Until this clock time, ACM still takes it for one that is in use. */
  inUseUntil: number;
}

type CertificateStatus = "ISSUED" | "PENDING_VALIDATION" | "EXPIRED" | "FAILED" | "VALIDATION_TIMED_OUT";
