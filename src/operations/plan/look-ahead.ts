import type { AwsApi, ServiceName } from "../../aws/api.js";
import type { AwsContext } from "../../aws/context.js";
import { isRead } from "../../aws/operation-name.js";
import type { Graph } from "../../engine/graph.js";
import { observe, type Lookups } from "../../engine/observe.js";
import { ask } from "../../engine/look-ahead.js";

/**
 * Begins at once what the run will ask. A graph is built only when AWS has answered what it depends on, and most of
 * its resources are read by names that are known before: they are read as in an account in which nothing exists yet,
 * and the run then finds the answers in its memory.
 *
 * @returns once all is answered; never rejects: whoever asks for an answer gets its error
 */
export async function lookAhead(
  graphOf: (context: AwsContext) => Promise<Graph<AwsContext>>,
  context: AwsContext,
  more: (
    graph: Graph<AwsContext>,
    observing: ReturnType<typeof observe<AwsContext>>,
  ) => readonly Promise<unknown>[] = () => [],
  lookups: Lookups = "optional",
): Promise<void> {
  if (!context.isLooking()) return;
  // Every plan says whose account it is for.
  const asked: Promise<unknown>[] = [graphOf(context), context.caller()];
  const [graph] = await Promise.allSettled([graphOf(inEmptyAccount(context, asked))]);
  if (graph.status === "fulfilled") {
    const observing = observe(graph.value, context, lookups);
    asked.push(observing, ask(graph.value, context, lookups), ...more(graph.value, observing));
  }
  await Promise.allSettled(asked);
}

/**
 * The context of an account in which nothing exists: it answers every question at once. AWS is asked beside it, because
 * the run will want to know.
 */
function inEmptyAccount(context: AwsContext, asked: Promise<unknown>[]): AwsContext {
  const service = (name: ServiceName) =>
    new Proxy(
      {},
      {
        get: (_, method) => {
          const call = Reflect.get(context.aws[name], method) as (input: unknown) => Promise<unknown>;
          if (typeof method === "symbol" || !isRead(method)) return call;
          return async (input: unknown) => {
            const answer = call(input);
            answer.catch(() => {});
            asked.push(answer);
            return {};
          };
        },
      },
    );
  const aws = new Proxy({} as AwsApi, {
    get: (_, name) => (typeof name === "symbol" ? undefined : service(name as ServiceName)),
  });
  return { ...context, aws, owned: async () => [], noteOwned: () => {}, runCache: new Map(), isAhead: true };
}
