import type { Cloud } from "../src/index.js";
import type { AwsApi } from "../src/aws/api.js";
import { Redactor } from "../src/aws/recording/redactor.js";
import { toRecording, type Recording } from "../src/aws/recording/recorder.js";

type Operation = (input: unknown, options?: object) => Promise<unknown>;

/** The cloud, whose answers are recorded as `aws({ record })` records them. */
export function recordedCloud(cloud: Cloud, recordings: Recording[], redactor = new Redactor()): Cloud {
  const services = Object.entries(cloud.ports).map(([service, api]) => [
    service,
    new Proxy(api as unknown as Readonly<Record<string, unknown>>, {
      get(target, operation) {
        const call = Reflect.get(target, operation) as unknown;
        if (typeof operation === "symbol" || typeof call !== "function") return call;
        return async (request: unknown, options?: object): Promise<unknown> => {
          const startedAt = cloud.clock.now();
          const note = (result: { readonly answer?: unknown; readonly error?: unknown }) =>
            recordings.push(
              toRecording(
                { service, operation, startedAt, endedAt: cloud.clock.now(), request, ...result },
                redactor,
              ),
            );
          try {
            const answer = await (call as Operation)(request, options);
            note({ answer });
            return answer;
          } catch (error) {
            note({ error });
            throw error;
          }
        };
      },
    }),
  ]);
  // Of the original, so that what is behind its own members still works.
  return Object.create(cloud, { ports: { value: Object.fromEntries(services) as AwsApi } }) as Cloud;
}
