import type { Cloud } from "../src/index.js";
import { localAccount, localCloud } from "../src/local/index.js";
import type { Recording } from "../src/aws/recording/recorder.js";
import { recordedCloud } from "./recorded-cloud.js";
import type { Env } from "./step.js";
import { MISSING, TOOLS, WEB } from "./steps/services.js";

/** Where the steps run. */
export interface Target {
  readonly place: string;
  readonly region: string;
  readonly env: Omit<Env, "note" | "signal">;
  readonly now: () => number;
  /** Every answer so far. */
  readonly recordings: () => readonly Recording[];
  /** Creates what the steps expect in the account. */
  prepare(): Promise<void>;
  /** Deletes it. Returns what could not be deleted. */
  clear(): Promise<string[]>;
  close(): Promise<void>;
}

export interface LocalTargetOptions {
  readonly seed?: number;
  readonly region?: string;
  readonly otherRegion?: string;
  readonly certificate?: string | undefined;
  /** Changes the clouds before they are used: for tests. */
  readonly change?: (cloud: Cloud) => Cloud;
}

/** The local cloud, on its virtual clock. */
export function localTarget(id: string, options: LocalTargetOptions = {}): Target {
  const { seed = 3, region = "eu-west-1", otherRegion = "us-east-1", change = (cloud) => cloud } = options;
  const certificate = options.certificate ?? "talk.example.com";
  const account = localAccount();
  const recordings: Recording[] = [];
  const vpc = vpcName(id);
  const [first, second] = [region, otherRegion].map((name) =>
    localCloud({
      account,
      clock: "virtual",
      seed,
      region: name,
      certificates: [{ domain: certificate }],
      vpcs: [{ default: true }, { tags: { Name: vpc } }],
      taggingDelay: 60,
      images: {
        [MISSING]: { missing: true },
        [WEB]: { byCommand: { true: { exits: 0 } } },
        [TOOLS]: {
          byCommand: {
            true: { exits: 0 },
            "echo hello": { exits: 0, log: ["hello"] },
            "no-such-command": {
              cannotStart:
                'CannotStartContainerError: Error response from daemon: failed to create task for container: exec: "no-such-command": executable file not found in $PATH',
            },
          },
        },
      },
    }),
  );
  const clouds = [first!, second!];
  const [cloud, secondRegion] = clouds.map((one) => recordedCloud(change(one), recordings));
  return {
    place: "the local cloud",
    region,
    env: {
      id,
      cloud: cloud!,
      secondRegion: secondRegion!,
      secret: secretName(id),
      vpc,
      certificate,
      sendsRequests: false,
      wait: (seconds) => first!.clock.sleep(seconds * 1000),
    },
    now: () => first!.clock.now(),
    recordings: () => recordings,
    prepare: async () => {},
    clear: async () => [],
    close: async () => {
      for (const one of clouds) await one.close();
    },
  };
}

export const vpcName = (id: string): string => `quayside-smoke-${id}`;
export const secretName = (id: string): `ssm:${string}` => `ssm:/quayside-smoke/${id}`;
