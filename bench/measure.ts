import { doPhase, PHASES, type CHAINS, type Phase } from "./chains.js";
import { doFloorPhase } from "./floor.js";
import { measuredCloud, type Counted } from "./round-trips.js";

export type Counts = Readonly<Record<Phase, Counted>>;

/** The round trips and calls of each phase of a chain, one after the other in one account. */
export async function measureRoundTrips(chain: (typeof CHAINS)[string]): Promise<Counts> {
  await using cloud = measuredCloud();
  const counts: Partial<Record<Phase, Counted>> = {};
  for (const phase of PHASES)
    counts[phase] = (await cloud.measure(() => doPhase(chain, phase, cloud))).counted;
  return counts as Counts;
}

/** The same of the floor. */
export async function measureFloor(): Promise<Counts> {
  await using cloud = measuredCloud();
  const counts: Partial<Record<Phase, Counted>> = {};
  const memory = {};
  for (const phase of PHASES)
    counts[phase] = (await cloud.measure(() => doFloorPhase(phase, cloud.ports, memory))).counted;
  return counts as Counts;
}
