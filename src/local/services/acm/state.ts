/** Keys are ARNs. */
export interface AcmState {
  readonly certificates: Map<string, Certificate>;
}

export interface Certificate {
  readonly arn: string;
  readonly domain: string;
  /** All names, including the domain itself, as ACM lists them. */
  readonly names: readonly string[];
  readonly status: "ISSUED" | "PENDING_VALIDATION" | "EXPIRED";
  readonly issuedAt: Date;
  readonly notAfter: Date;
}
