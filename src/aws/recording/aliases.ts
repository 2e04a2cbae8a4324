/** The same value gets the same alias, so that what belonged together still does. */
export class Aliases {
  readonly #known = new Map<string, string>();
  readonly #name: (number: number) => string;

  /** @param name - returns the alias of the first value, the second, … */
  constructor(name: (number: number) => string) {
    this.#name = name;
  }

  of(value: string): string {
    let alias = this.#known.get(value);
    if (alias === undefined) this.#known.set(value, (alias = this.#name(this.#known.size + 1)));
    return alias;
  }

  has(value: string): boolean {
    return this.#known.has(value);
  }
}
