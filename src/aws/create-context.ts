import type { Emit } from "../engine/events.js";
import { applyOverride } from "./apply-override.js";
import { bindPorts } from "./bound-ports.js";
import type { Cloud } from "./cloud.js";
import type { AwsContext } from "./context.js";
import { findOwned } from "./owned.js";
import type { Overrides } from "./overrides.js";
import { partitionOf } from "./partition.js";

export interface ContextOptions {
  readonly signal: AbortSignal;
  readonly emit: Emit;
  readonly overrides?: Overrides;
  /** @defaultValue `false` */
  readonly deleteImages?: boolean;
}

/** What one run on a cloud needs: made at its start, dropped at its end. */
export async function createContext(cloud: Cloud, options: ContextOptions): Promise<AwsContext> {
  const { signal, emit, overrides = {}, deleteImages = false } = options;
  const { clock, random } = cloud;
  const region = await cloud.region();
  const aws = bindPorts(cloud, { signal, emit, overrides, clock, random });
  return {
    cloud,
    aws,
    overridden: (operation, input) => applyOverride(overrides, operation, input),
    region,
    partition: partitionOf(region).id,
    clock,
    random,
    signal,
    emit,
    deleteImages,
    startedAt: clock.now(),
    listeningTo: (other) => createContext(cloud, { ...options, signal: other }),
    owned: findOwned(aws.tagging),
  };
}
