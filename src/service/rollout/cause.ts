import type { DiagnosisCode } from "../../diagnosis-codes.js";

/** The cause of a rollout that does not become healthy, and its fix. */
export interface Diagnosis {
  /** Stable: `image-not-found`, `exited-on-start`, … */
  readonly code: DiagnosisCode;
  /** One sentence for messages. */
  readonly why: string;
  readonly fix: string;
  /** True if neither waiting nor a retry can fix it. */
  readonly permanent: boolean;
}

/** A cause by the texts that AWS reports for it. */
export interface Cause extends Omit<Diagnosis, "why"> {
  /** Matches stop reasons, container reasons, target health and events. First match wins: specific before general. */
  readonly pattern: RegExp;
  /** Only with this exit code of the container. */
  readonly exitCode?: number;
}
