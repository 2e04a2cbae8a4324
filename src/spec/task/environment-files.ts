import { formatValue } from "../parsing/format-value.js";
import type { OptionsReader } from "../parsing/options-reader.js";

/** An object in S3; its key may contain nearly everything. Source: Amazon ECS API reference, EnvironmentFile. */
export const S3_OBJECT = /^arn:aws[a-z-]*:s3:::[A-Za-z0-9.\-_]{3,63}\/.+$/;
export const ENVIRONMENT_FILE = /^arn:aws[a-z-]*:s3:::[A-Za-z0-9.\-_]{3,63}\/.*\.env$/;
/** Source: Amazon ECS Developer Guide, "Pass an individual environment variable to a container", considerations. */
const MAX_FILES = 10;

export function parseFiles<Options>(
  options: OptionsReader<Options>,
  key: keyof Options & string,
  pattern: RegExp,
): readonly string[] {
  const files = options.strings(key) ?? [];
  if (files.length > MAX_FILES)
    options.issue(key, `must be at most ${MAX_FILES} files, which is ECS's limit; got ${files.length}`);
  for (const file of files)
    if (!pattern.test(file))
      options.issue(
        key,
        `must be ARNs of files in S3 whose names end with .env, such as "arn:aws:s3:::config/talk.env"; got ${formatValue(file)}`,
      );
  return files;
}
