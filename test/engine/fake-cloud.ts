import type { Clock } from "../../src/engine/clock.js";
import type { QuaysideEvent } from "../../src/engine/events.js";
import {
  isUnknown,
  UNKNOWN,
  type Kind,
  type RunContext,
  type Tagged,
  type Tags,
} from "../../src/engine/kind.js";

/** A cloud with one kind of resource: boxes, which may be inside other boxes. */
export interface Box {
  readonly id: string;
  color: string;
  inside: string | undefined;
  tags: Record<string, string>;
}

export interface BoxDesired extends Tagged {
  readonly name: string;
  readonly color: string;
  readonly inside?: string;
  readonly material?: string;
}

export interface BoxState {
  readonly id: string;
  readonly version: number;
}

export class FakeCloud {
  readonly boxes = new Map<string, Box>();
  readonly log: string[] = [];
  readonly events: QuaysideEvent[] = [];
  readonly failing = new Map<string, Error>();
  version = 1;
  readonly abort = new AbortController();

  readonly clock: Clock = { now: () => 0, sleep: () => Promise.resolve() };

  get context(): RunContext {
    return {
      clock: this.clock,
      random: () => 0,
      signal: this.abort.signal,
      emit: (event) => void this.events.push(event),
    };
  }

  put(name: string, color: string, tags: Tags = {}, inside?: string): void {
    this.boxes.set(name, { id: `id-${name}`, color, inside, tags: { ...tags } });
  }

  act(what: string): void {
    this.log.push(what);
    const failure = this.failing.get(what);
    if (failure !== undefined) throw failure;
  }

  /** A kind of box; several kinds share the cloud. */
  kind(
    kind: string,
    more: Partial<Kind<BoxDesired, BoxState, RunContext>> = {},
  ): Kind<BoxDesired, BoxState, RunContext> {
    return {
      kind,
      unknown: { id: UNKNOWN, version: Number.NaN },
      read: async ({ name, inside }) => {
        if (isUnknown(inside)) return undefined;
        const box = this.boxes.get(name);
        if (box === undefined) return undefined;
        return {
          state: { id: box.id, version: this.version },
          current: { name, color: box.color, inside: box.inside },
          tags: box.tags,
        };
      },
      create: async ({ name, color, inside, tags }) => {
        this.act(`create ${name}`);
        this.put(name, color, tags, inside);
        return { id: `id-${name}`, version: 1 };
      },
      update: async ({ name, color, tags }, _observed, changes) => {
        this.act(`update ${name} ${changes.map((change) => change.path).join(" ")}`);
        const box = this.boxes.get(name)!;
        box.color = color;
        Object.assign(box.tags, tags);
        return { id: box.id, version: 2 };
      },
      delete: async ({ id }) => {
        this.act(`delete ${id}`);
        for (const [name, box] of this.boxes) if (box.id === id) this.boxes.delete(name);
      },
      ...more,
    };
  }
}
