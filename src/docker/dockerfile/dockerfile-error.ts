/** Why BuildKit would refuse a Dockerfile. */
export class DockerfileError extends Error {
  override readonly name = "DockerfileError";
  /** The first line of the instruction, counted from 1; `undefined` if it concerns the whole file. */
  line: number | undefined;

  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}

/** Adds the line of the instruction to an error that has none. */
export function atLine<T>(line: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DockerfileError) error.line ??= line;
    throw error;
  }
}
