import type { BlueGreenOptions, Cloud } from "../../src/index.js";
import { talkService } from "./tutorial.js";

export const IMAGE = (version: number): string => `registry.example.com/talk-service:${version}`;

/** The tutorial's service, blue/green. */
export const talkInColors = (cloud: Cloud, version = 1, options: BlueGreenOptions = {}) =>
  talkService(cloud, IMAGE(version)).blueGreen(options);
