import type { CapacityType } from "../capacity-type.js";
import { formatValue } from "../parsing/format-value.js";
import type { Issues } from "../parsing/issues.js";
import { OptionsReader } from "../parsing/options-reader.js";
import { S3_OBJECT } from "./environment-files.js";

/** A log router: Fluent Bit or Fluentd. Source: Amazon ECS API reference, FirelensConfiguration. */
export interface FirelensOptions {
  /** @defaultValue `"fluentbit"` */
  readonly type?: "fluentbit" | "fluentd" | undefined;
  /**
   * A configuration file of the user's, which is included in the one that ECS generates: a path in the router's image, absolute
   * or relative to that file's directory, or, on EC2, the ARN of an object in S3, which the task execution role then permits reading.
   * @defaultValue none
   */
  readonly configFile?: string | undefined;
  /** False to leave out the cluster, task definition and task in each record. @defaultValue `true`, ECS's default */
  readonly metadata?: boolean | undefined;
}

export interface FirelensSpec {
  readonly type: "fluentbit" | "fluentd";
  readonly options: Readonly<Record<string, string>>;
}

export function parseFirelens(
  given: unknown,
  path: string,
  capacity: CapacityType,
  issues: Issues,
): FirelensSpec | undefined {
  if (given === undefined) return undefined;
  const options = new OptionsReader<FirelensOptions>(given, path, issues);
  const spec = readFirelens(options, capacity);
  options.close();
  return spec;
}

/** Reads the options of a router that has other options beside them. */
function readFirelens(options: OptionsReader<FirelensOptions>, capacity: CapacityType): FirelensSpec {
  const type = options.oneOf("type", ["fluentbit", "fluentd"]) ?? "fluentbit";
  const file = options.string("configFile");
  const isArn = file?.startsWith("arn:") ?? false;
  if (file !== undefined && !(isArn ? S3_OBJECT : /^(?!s3:)[^\s]+$/).test(file))
    options.issue(
      "configFile",
      `must be a path in the image, or the ARN of an object in S3; got ${formatValue(file)}`,
    );
  if (isArn && capacity === "fargate")
    options.issue(
      "configFile",
      "must be a path in the router's image on Fargate, which reads none from S3: add the file to the image, or set the variable aws_fluent_bit_init_s3_1 of an init image of AWS for Fluent Bit",
    );
  const metadata = options.boolean("metadata");
  return {
    type,
    options: {
      ...(metadata !== undefined && { "enable-ecs-log-metadata": String(metadata) }),
      ...(file !== undefined && { "config-file-type": isArn ? "s3" : "file", "config-file-value": file }),
    },
  };
}
