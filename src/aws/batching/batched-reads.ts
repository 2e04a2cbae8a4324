import type { AwsApi, ServiceName } from "../api.js";
import { toBatches } from "../in-batches.js";
import { isRead } from "../operation-name.js";
import type { Batch } from "./batch-rules.js";
import { batchOf, isWorthWaiting } from "./batches.js";

type Input = Readonly<Record<string, unknown>>;
type Call = (input: Input) => Promise<Input>;

interface Waiting {
  readonly input: Input;
  readonly resolve: (output: Input) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Ports whose reads of one moment are sent together: the same question once, and questions of one kind
 * in as few requests as AWS takes (its describes take ten or twenty names). So a resource kind reads one
 * resource, and a run over a hundred of them makes few calls all the same.
 */
export function batchReads(ports: AwsApi): AwsApi {
  const services = new Map<string, object>();
  const underWay = new Set<Promise<unknown>>();
  return new Proxy({} as AwsApi, {
    get(_, service) {
      const port = typeof service === "symbol" ? undefined : ports[service as ServiceName];
      if (port === undefined) return undefined;
      const known = services.get(service as string) ?? batchPort(service as ServiceName, port, underWay);
      services.set(service as string, known);
      return known;
    },
  });
}

function batchPort(service: ServiceName, port: object, underWay: Set<Promise<unknown>>): object {
  const calls = new Map<string, Call>();
  return new Proxy(
    {},
    {
      get(_, method) {
        const call = Reflect.get(port, method) as Call | undefined;
        if (typeof method === "symbol" || call === undefined || !isRead(method)) return call;
        const known = calls.get(method);
        if (known !== undefined) return known;
        const find = (input: Input) => batchOf(service, method, input);
        const made = together(observed(call, underWay), find, () =>
          isWorthWaiting(service, method) ? [...underWay] : [],
        );
        calls.set(method, made);
        return made;
      },
    },
  );
}

/** Notes which of its calls are under way. */
function observed(call: Call, underWay: Set<Promise<unknown>>): Call {
  return (input) => {
    const answer = call(input);
    const ended: Promise<unknown> = answer.then(
      () => underWay.delete(ended),
      () => underWay.delete(ended),
    );
    underWay.add(ended);
    return answer;
  };
}

/**
 * Collects questions until every promise that is settled has been heard (a tick after the microtasks), then
 * asks; what is asked meanwhile waits for the answer and then goes together, so that the slower AWS answers,
 * the fewer requests it gets. With something to wait for `first`, asks after that: it may lead to more of the
 * same questions.
 */
function together(
  call: Call,
  find: (input: Input) => Batch | undefined,
  first: () => readonly Promise<unknown>[],
): Call {
  const waiting = new Map<string, Waiting[]>();
  const ask = async (key: string): Promise<void> => {
    await settled();
    for (let group = waiting.get(key)!; group.length > 0; group = waiting.get(key)!) {
      waiting.set(key, []);
      const batch = find(group[0]!.input);
      await (batch === undefined || group.length === 1
        ? answerAll(group, call(group[0]!.input))
        : askInParts(group, call, batch, find));
      await settled();
    }
    waiting.delete(key);
  };
  return (input) =>
    new Promise((resolve, reject) => {
      const key = find(input)?.key ?? `same ${JSON.stringify(input)}`;
      const others = waiting.get(key);
      if (others !== undefined) return others.push({ input, resolve, reject });
      waiting.set(key, [{ input, resolve, reject }]);
      void Promise.all(first()).then(() => ask(key));
    });
}

const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** Every item once, as many in each request as it takes; whoever asked gets his part of the answers. */
async function askInParts(
  group: readonly Waiting[],
  call: Call,
  { size, list, ask, isRefusedAsOne }: Batch,
  find: (input: Input) => Batch | undefined,
): Promise<void> {
  const itemsOf = new Map(group.map((one) => [one, find(one.input)!.items]));
  const parts = toBatches([...new Set([...itemsOf.values()].flat())], size);
  const answers = parts.map((items) => ask(call, items));
  for (const answer of answers) answer.catch(() => {});
  await Promise.all(
    group.map((one) => {
      const own = itemsOf.get(one)!;
      return answerFrom(
        one,
        answers.filter((_, index) => parts[index]!.some((item) => own.includes(item))),
      );
    }),
  );

  async function answerFrom(one: Waiting, needed: readonly Promise<Input>[]): Promise<void> {
    try {
      const outputs = await Promise.all(needed);
      const rows = outputs.flatMap((output) => (output[list] ?? []) as readonly Input[]);
      one.resolve(find(one.input)!.pick({ ...outputs[0], [list]: rows }));
    } catch (error) {
      if (isRefusedAsOne === true) return one.reject(error);
      // It may be about somebody else's: whoever asks alone hears what is his.
      await answerAll([one], call(one.input));
    }
  }
}

async function answerAll(group: readonly Waiting[], answer: Promise<Input>): Promise<void> {
  try {
    const output = await answer;
    for (const { resolve } of group) resolve(output);
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}
