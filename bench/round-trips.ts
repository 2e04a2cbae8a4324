import { isRead } from "../src/aws/operation-name.js";
import type { AwsApi, ServiceName } from "../src/aws/api.js";
import type { Cloud } from "../src/index.js";
import { localCloud } from "../src/local/index.js";
import { VirtualClock } from "../src/local/core/clock.js";

/** Milliseconds that every request takes. */
const LATENCY = 50;
/** Milliseconds of AWS's time that pass with a request: what was begun before it is done when it is answered. */
const SETTLED = 10 * 60_000;

export interface Call {
  readonly operation: string;
  readonly input: unknown;
  readonly began: number;
  readonly ended: number;
}

export interface Counted {
  readonly calls: number;
  /** The longest row of calls that do not overlap. */
  readonly roundTrips: number;
  /** Reads that repeat the words of an earlier one. */
  readonly repeated: number;
}

/** A local cloud whose calls each take the same time, and in which everything is done at once otherwise. */
export interface MeasuredCloud extends Cloud, AsyncDisposable {
  /** What `work` asks of it. */
  measure(
    work: () => Promise<unknown>,
  ): Promise<{ readonly counted: Counted; readonly made: readonly Call[] }>;
}

export function measuredCloud(): MeasuredCloud {
  const inner = localCloud({ clock: "virtual" });
  const clock = new VirtualClock(inner.clock.now());
  const calls: Call[] = [];
  const ports = Object.fromEntries(
    (Object.keys(inner.ports) as ServiceName[]).map((service) => [service, measured(service)]),
  ) as unknown as AwsApi;

  function measured(service: ServiceName): object {
    const port = inner.ports[service] as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    return new Proxy(port, {
      get(target, method) {
        const call = Reflect.get(target, method) as unknown;
        if (typeof method === "symbol" || typeof call !== "function") return call;
        return async (...args: unknown[]) => {
          const began = clock.now();
          try {
            await clock.sleep(LATENCY / 2);
            return await clock.hold(async () => {
              if (service !== "sts") await inner.clock.sleep(SETTLED);
              return (call as (...all: unknown[]) => Promise<unknown>)(...args);
            });
          } finally {
            await clock.sleep(LATENCY / 2);
            calls.push({ operation: `${service}.${method}`, input: args[0], began, ended: clock.now() });
          }
        };
      },
    });
  }

  return {
    region: inner.region,
    ports,
    images: inner.images,
    clock,
    local: inner.local!,
    answer: inner.answer!,
    random: inner.random,
    address: (listener) => inner.address(listener),
    async measure(work) {
      calls.length = 0;
      await work();
      const made = calls.splice(0).sort((one, other) => one.began - other.began);
      return { counted: count(made), made };
    },
    [Symbol.asyncDispose]: () => inner.close(),
  };
}

function count(made: readonly Call[]): Counted {
  const asked = new Set<string>();
  let repeated = 0;
  for (const { operation, input } of made) {
    const words = `${operation} ${JSON.stringify(input)}`;
    if (isRead(operation.split(".")[1]!) && asked.has(words)) repeated += 1;
    asked.add(words);
  }
  return { calls: made.length, roundTrips: rowOf(made).length, repeated };
}

/** The longest row of calls of which each begins after the one before has ended. */
export function rowOf(made: readonly Call[]): readonly Call[] {
  const row: Call[] = [];
  for (const call of [...made].sort((one, other) => one.ended - other.ended))
    if (row.length === 0 || call.began >= row.at(-1)!.ended) row.push(call);
  return row;
}
