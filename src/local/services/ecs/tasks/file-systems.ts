/** An EFS file system that exists. */
export interface FileSystemOptions {
  /** `fs-…` */
  readonly id: string;
  /** The Availability Zones in which it has a mount target. @defaultValue all */
  readonly zones?: readonly string[];
  /** Its access points, `fsap-…`. @defaultValue any */
  readonly accessPoints?: readonly string[];
}
