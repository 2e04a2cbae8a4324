import { StringDecoder } from "node:string_decoder";
import { cutText } from "./cut-text.js";
import type { Output } from "./output.js";
import { textWidth } from "./text-width.js";

const FRAME = 100;

type Write = (chunk: unknown, encoding?: unknown, callback?: unknown) => boolean;
type Render = (columns: number) => readonly string[];

/**
 * The end of a terminal: rows that are redrawn in place, below everything that stays. What the rest of the program
 * writes to the terminal meanwhile stays above the rows as well: while there are rows, writes pass through here.
 */
export class LiveScreen {
  readonly #streams: readonly Output[];
  readonly #renders = new Set<Render>();
  #drawn: readonly string[] = [];
  /** The unfinished line that the program has written. */
  #partial = "";
  /** The part of it that is on the screen without rows below it. */
  #open = "";
  #timer: NodeJS.Timeout | undefined;
  #release: (() => void) | undefined;
  #writes = new Map<Output, Write>();

  /** The screen of a stream. `process.stdout` and `process.stderr` share one if both are terminals. */
  static of(output: Output): LiveScreen {
    const { stdout, stderr } = process;
    const isStandard = output === stdout || output === stderr;
    const streams = isStandard ? [stdout, stderr].filter(({ isTTY }) => isTTY) : [output];
    const key = streams[0] ?? output;
    const known = screens.get(key);
    if (known !== undefined) return known;
    const screen = new LiveScreen(streams);
    screens.set(key, screen);
    return screen;
  }

  private constructor(streams: readonly Output[]) {
    this.#streams = streams;
  }

  /** Draws the rows of `render`, and redraws them until it returns none. `line` stays above them. */
  draw(output: Output, render: Render, line?: string): void {
    this.#renders.add(render);
    this.#redraw(output, "", line === undefined ? "" : `${line}\n`);
  }

  /**
   * Writes what the program writes (`text`) where the rows were, and the rows below it. A line of a reporter (`line`)
   * comes before the program's unfinished one.
   */
  #redraw(output: Output, text: string, line = "", encoding?: unknown, callback?: unknown): boolean {
    const columns = output.columns ?? 80;
    const rows = [...this.#renders].flatMap((render) => {
      const own = render(columns - 1).map((row) => cutText(row, columns - 1));
      if (own.length === 0) this.#renders.delete(render);
      return own;
    });
    const written = this.#partial + text;
    const end = written.lastIndexOf("\n") + 1;
    // What a carriage return has written over is not written again.
    const partial = written.slice(written.lastIndexOf("\r", written.length - 2) + 1);
    this.#partial = end === written.length ? "" : partial.slice(partial.lastIndexOf("\n") + 1);
    const ends = this.#partial === "" ? rows : [this.#partial, ...rows];
    // A taller block could not be erased: what has left the screen stays.
    const shown = ends.slice(-Math.max(1, (output.rows ?? 24) - 1));
    const isDrawn = rows.length > 0;
    const block = isDrawn ? shown.map((row) => `${row}\n`).join("") : this.#partial;
    const all = this.#erased(columns) + line + written.slice(0, end) + block;
    this.#drawn = isDrawn ? shown : [];
    this.#open = isDrawn ? "" : this.#partial;
    const result = all === "" && callback === undefined ? true : this.#write(output, all, encoding, callback);
    this.#animate(isDrawn ? output : undefined);
    // An unfinished line is followed to its end: the next rows are drawn below it.
    if (isDrawn || this.#partial !== "") this.#start(output);
    else this.#stop();
    return result;
  }

  /** Erases the rows as the terminal shows them now: since they were drawn, it may have become narrower. */
  #erased(columns: number): string {
    const height = (row: string) => Math.max(1, Math.ceil(textWidth(row) / columns));
    if (this.#open !== "") {
      const above = height(this.#open) - 1;
      return `\r${above > 0 ? `\x1b[${above}A` : ""}\x1b[0J`;
    }
    if (this.#drawn.length === 0) return "";
    const rows = this.#drawn.reduce((sum, row) => sum + height(row), 0);
    return `\x1b[${rows}A\x1b[0J`;
  }

  #write(output: Output, text: string, encoding?: unknown, callback?: unknown): boolean {
    const write = this.#writes.get(output);
    if (write === undefined) return output.write(text) !== false;
    return typeof callback === "function" ? write(text, encoding, callback) : write(text);
  }

  #animate(output: Output | undefined): void {
    if (output === undefined) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    } else if (this.#timer === undefined) {
      this.#timer = setInterval(() => this.#redraw(output, ""), FRAME);
      // It does not keep the process alive.
      this.#timer.unref();
    }
  }

  #start(output: Output): void {
    if (this.#release !== undefined) return;
    const release = this.#streams.map((stream) => this.#follow(stream));
    const erase = () => {
      if (this.#drawn.length > 0) this.#write(output, this.#erased(output.columns ?? 80) + this.#partial);
      this.#drawn = [];
    };
    process.once("exit", erase);
    this.#release = () => {
      process.off("exit", erase);
      for (const each of release) each();
    };
  }

  #stop(): void {
    this.#release?.();
    this.#release = undefined;
  }

  /** Lets what others write to a stream appear above the rows; the function that is returned ends this. */
  #follow(stream: Output): () => void {
    const had = Object.getOwnPropertyDescriptor(stream, "write");
    const original = (stream.write as Write).bind(stream) as Write;
    const decoder = new StringDecoder("utf8");
    let isFollowed = true;
    const follow: Write = (chunk, encoding, callback) => {
      if (!isFollowed) return original(chunk, encoding, callback);
      const done = typeof encoding === "function" ? encoding : callback;
      const isText = typeof chunk === "string";
      const code = isText && typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8";
      const text =
        isText && /^utf-?8$/i.test(code)
          ? chunk
          : decoder.write(isText ? Buffer.from(chunk, code) : Buffer.from(chunk as Uint8Array));
      return this.#redraw(stream, text, "", "utf8", done);
    };
    this.#writes.set(stream, original);
    Object.defineProperty(stream, "write", { value: follow, configurable: true, writable: true });
    return () => {
      isFollowed = false;
      this.#writes.delete(stream);
      // Others may have put theirs over it: then it stays, and passes everything on.
      if (stream.write !== follow) return;
      if (had === undefined) delete (stream as { write?: unknown }).write;
      else Object.defineProperty(stream, "write", had);
    };
  }
}

/** The terminal is the process's, not a reporter's: two runs draw on the same one. */
const screens = new WeakMap<Output, LiveScreen>();
