import type { Cloud } from "../../src/index.js";

/** A process that can be killed: from then on nothing that it has begun goes on, not even its tidying up. */
export interface Mortal<T extends Cloud> {
  readonly cloud: T;
  readonly kill: () => void;
  /** Settles with the death, for what the process was doing never will. */
  readonly died: Promise<void>;
}

/** A cloud as a process sees it that may be killed at any moment. */
export function mortal<T extends Cloud>(cloud: T): Mortal<T> {
  let isDead = false;
  let kill!: () => void;
  const died = new Promise<void>((resolve) => {
    kill = () => {
      isDead = true;
      resolve();
    };
  });
  /** What a killed process awaits never comes, and what it would call is never called. */
  const whileAlive =
    (work: (...args: unknown[]) => unknown) =>
    (...args: unknown[]): unknown => {
      if (isDead) return NEVER;
      const result = work(...args);
      if (!(result instanceof Promise)) return result;
      const lasting = <R>(settled: R): R | Promise<never> => (isDead ? NEVER : settled);
      return result.then(lasting, (error: unknown) => (isDead ? NEVER : Promise.reject(error as Error)));
    };
  const mortalMembers = <O extends object>(of: O): O =>
    new Proxy(of, {
      get(target, key) {
        const value = Reflect.get(target, key) as unknown;
        return typeof value === "function"
          ? whileAlive((...args) => Reflect.apply(value, target, args) as unknown)
          : value;
      },
    });
  const ports = Object.fromEntries(
    Object.entries(cloud.ports).map(([service, api]) => [service, mortalMembers(api as object)]),
  ) as unknown as T["ports"];
  const dying = { ports, clock: mortalMembers(cloud.clock), images: mortalMembers(cloud.images) };
  return { cloud: { ...cloud, ...dying }, kill, died };
}

const NEVER = new Promise<never>(() => {});
