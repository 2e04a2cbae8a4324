import type { AwsStub } from "aws-sdk-client-mock";
import { aws } from "../../src/aws/aws-cloud.js";
import type { AwsContext } from "../../src/aws/context.js";
import { createContext } from "../../src/aws/create-context.js";
import type { Overrides } from "../../src/aws/overrides.js";
import type { QuaysideEvent } from "../../src/engine/events.js";
import { VirtualClock } from "../../src/local/core/clock.js";

export interface MockedContext {
  readonly context: AwsContext;
  readonly events: QuaysideEvent[];
  readonly controller: AbortController;
  readonly clock: VirtualClock;
}

/** A run on AWS itself, as far as the SDK's clients; time is virtual. */
export async function mockedContext(overrides: Overrides = {}): Promise<MockedContext> {
  const clock = new VirtualClock();
  const cloud = { ...aws({ region: "eu-west-1" }), clock, random: () => 0.5 };
  const events: QuaysideEvent[] = [];
  const controller = new AbortController();
  const context = await createContext(cloud, {
    signal: controller.signal,
    emit: (event) => events.push(event),
    overrides,
  });
  return { context, events, controller, clock };
}

/** What was sent to one service, in order: the commands' names and inputs. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a stub of any client
export function sent(stub: AwsStub<any, any, any>): [string, unknown][] {
  return stub
    .calls()
    .map(({ args: [command] }) => [command.constructor.name.replace(/Command$/, ""), command.input]);
}

/** An error as the SDK throws it. */
export function sdkError(code: string, message = code): Error {
  return Object.assign(new Error(message), {
    name: code,
    $fault: "client",
    $metadata: { httpStatusCode: 400 },
  });
}
