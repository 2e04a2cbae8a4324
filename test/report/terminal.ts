import xterm from "@xterm/headless";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A terminal with its history, as xterm.js has it: it obeys what is written to it. */
export class Terminal {
  readonly isTTY = true;
  readonly #terminal: xterm.Terminal;

  constructor(columns = 80, rows = 24) {
    this.#terminal = new xterm.Terminal({
      cols: columns,
      rows,
      scrollback: 100_000,
      convertEol: true,
      allowProposedApi: true,
    });
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  write(text: string | Uint8Array): boolean {
    this.#terminal.write(text);
    return true;
  }

  resize(columns: number, rows: number): Promise<void> {
    return this.#written().then(() => this.#terminal.resize(columns, rows));
  }

  /** What a person reads, from the first line on; rows that the terminal has wrapped are one line. */
  async lines(): Promise<string[]> {
    await this.#written();
    const { active } = this.#terminal.buffer;
    const lines: string[] = [];
    for (let row = 0; row < active.length; row++) {
      const line = active.getLine(row)!;
      const text = line.translateToString(true);
      if (line.isWrapped) lines.push(lines.pop()! + text);
      else lines.push(text);
    }
    while (lines.at(-1) === "") lines.pop();
    return lines;
  }

  #written(): Promise<void> {
    return new Promise((resolve) => this.#terminal.write("", resolve));
  }
}

/**
 * Runs a program whose standard output and error are one terminal, and returns the terminal and all that was written
 * to it.
 */
export async function runOnTerminal(
  file: string,
  args: readonly string[] = [],
  { columns = 80, rows = 24 } = {},
): Promise<{ readonly terminal: Terminal; readonly written: string; readonly code: number | null }> {
  const directory = await mkdtemp(join(tmpdir(), "terminal-"));
  try {
    const path = join(directory, "output");
    // One file for both streams keeps the order in which they were written to.
    const output = await open(path, "a");
    const child = spawn(
      process.execPath,
      [
        "--import",
        "tsx",
        "--import",
        new URL("programs/as-terminal.mjs", import.meta.url).href,
        file,
        ...args,
      ],
      {
        env: {
          ...process.env,
          CI: undefined,
          NO_COLOR: undefined,
          FORCE_COLOR: undefined,
          TERM: "xterm-256color",
          COLUMNS: String(columns),
          LINES: String(rows),
        },
        stdio: ["ignore", output.fd, output.fd],
      },
    );
    const [code] = (await once(child, "exit")) as [number | null];
    await output.close();
    const written = await readFile(path, "utf8");
    const terminal = new Terminal(columns, rows);
    terminal.write(written);
    return { terminal, written, code };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
