import type { Cloud } from "../../src/index.js";

const LONGEST_PAUSE = 5 * 60_000;

/**
 * The cloud with pauses so many times shorter. What is longer than any pause is a deadline, and stays as it is, as do
 * those of AWS's answers: a busy machine needs the time.
 */
export function shortPauses(cloud: Cloud, times: number): Cloud {
  const { now, sleep } = cloud.clock;
  return {
    ...cloud,
    clock: {
      now,
      sleep: (ms, signal) => sleep(ms < LONGEST_PAUSE ? ms / times : ms, signal),
      answers: cloud.clock,
    },
  };
}
