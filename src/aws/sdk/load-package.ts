import module from "node:module";

/**
 * Loads a package whose files are CommonJS and whose `package.json` does not say it. `import()` parses each of its
 * files to guess the format, again to find the names of its exports, and then compiles it: `require` only compiles it,
 * which takes half the time (https://nodejs.org/api/packages.html#determining-module-system).
 *
 * @param load - `import()` of the same name: bundlers follow it, and it loads what they have made of the package
 */
export async function loadPackage<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return module.createRequire(import.meta.url)(name) as T;
  } catch {
    // In a bundle, or in CommonJS, where `import()` has become `require` and there is no `import.meta`.
    return load();
  }
}

/**
 * Does pieces of work one after the other. Between two, what waits for the first comes first: loading a package keeps
 * everything else waiting, and the request of one client is under way while the next client is loaded.
 */
export function oneAfterAnother(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.then(nextTurn, nextTurn);
    return done;
  };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
