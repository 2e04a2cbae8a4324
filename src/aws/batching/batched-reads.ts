import type { AwsApi, ServiceName } from "../api.js";
import { toBatches } from "../in-batches.js";
import { isRead } from "../operation-name.js";
import type { Batch } from "./batch-rules.js";
import { batchOf, isPaged } from "./batches.js";

type Input = Readonly<Record<string, unknown>>;
type Call = (input: Input) => Promise<Input>;

interface Queue {
  readonly waiting: Waiting[];
  /** The number of requests under way. */
  asking: number;
  /** True while the next one collects the questions of this moment. */
  isCollecting: boolean;
}

interface Waiting {
  readonly input: Input;
  readonly resolve: (output: Input) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * APIs that combine concurrent reads: identical requests are sent once, and similar ones in as few requests
 * as AWS accepts (most describes accept ten or twenty names). A resource kind can read one resource, and a
 * run with a hundred of them still makes few calls.
 *
 * @param atOnce - the requests of a kind that are under way at the same time: those that come meanwhile wait, and share
 * the next one. Default: 3
 */
export function batchReads(ports: AwsApi, atOnce = 3): AwsApi {
  const services = new Map<string, object>();
  const inFlight = new Set<Promise<unknown>>();
  return new Proxy({} as AwsApi, {
    get(_, service) {
      const port = typeof service === "symbol" ? undefined : ports[service as ServiceName];
      if (port === undefined) return undefined;
      const known =
        services.get(service as string) ?? batchApi(service as ServiceName, port, inFlight, atOnce);
      services.set(service as string, known);
      return known;
    },
  });
}

function batchApi(
  service: ServiceName,
  port: object,
  inFlight: Set<Promise<unknown>>,
  atOnce: number,
): object {
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
        const made = combined(tracked(call, inFlight), find, atOnce, () =>
          isPaged(service, method) ? [...inFlight] : [],
        );
        calls.set(method, made);
        return made;
      },
    },
  );
}

/** Keeps the calls that are in flight in `inFlight`. */
function tracked(call: Call, inFlight: Set<Promise<unknown>>): Call {
  return (input) => {
    const answer = call(input);
    const ended: Promise<unknown> = answer.then(
      () => inFlight.delete(ended),
      () => inFlight.delete(ended),
    );
    inFlight.add(ended);
    return answer;
  };
}

/**
 * Collects requests until all pending microtasks have run, then sends them. Requests that arrive meanwhile
 * wait for the answer and are then sent together: the slower AWS answers, the fewer requests it gets. The
 * calls of `first` are awaited before, because they may lead to more requests of the same kind.
 */
function combined(
  call: Call,
  find: (input: Input) => Batch | undefined,
  atOnce: number,
  first: () => readonly Promise<unknown>[],
): Call {
  const queues = new Map<string, Queue>();
  const ask = async (key: string, queue: Queue): Promise<void> => {
    queue.asking++;
    await nextTick();
    while (queue.waiting.length > 0) {
      const group = queue.waiting.splice(0);
      const batch = find(group[0]!.input);
      queue.isCollecting = false;
      await (batch === undefined || group.length === 1
        ? settleAll(group, call(group[0]!.input))
        : sendInBatches(group, call, batch, find));
      await nextTick();
    }
    queue.asking--;
    if (queue.asking === 0 && queue.waiting.length === 0) queues.delete(key);
  };
  return (input) =>
    new Promise((resolve, reject) => {
      const batch = find(input);
      const key = batch?.key ?? `same ${JSON.stringify(input)}`;
      const queue = queues.get(key) ?? { waiting: [], asking: 0, isCollecting: false };
      queues.set(key, queue);
      queue.waiting.push({ input, resolve, reject });
      // The same question is asked once at a time.
      const most = batch === undefined ? 1 : atOnce;
      if (queue.isCollecting || queue.asking >= most) return;
      queue.isCollecting = true;
      void Promise.all(first()).then(() => ask(key, queue));
    });
}

const nextTick = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** Requests every item once, in full batches, and gives each caller its part of the answers. */
async function sendInBatches(
  group: readonly Waiting[],
  call: Call,
  { size, list, send, failsAsOne }: Batch,
  find: (input: Input) => Batch | undefined,
): Promise<void> {
  const itemsByCaller = new Map(group.map((one) => [one, find(one.input)!.items]));
  const batches = toBatches([...new Set([...itemsByCaller.values()].flat())], size);
  const answers = batches.map((items) => send(call, items));
  for (const answer of answers) answer.catch(() => {});
  await Promise.all(
    group.map((one) => {
      const own = itemsByCaller.get(one)!;
      return answerFrom(
        one,
        answers.filter((_, index) => batches[index]!.some((item) => own.includes(item))),
      );
    }),
  );

  async function answerFrom(one: Waiting, needed: readonly Promise<Input>[]): Promise<void> {
    try {
      const outputs = await Promise.all(needed);
      const rows = outputs.flatMap((output) => (output[list] ?? []) as readonly Input[]);
      one.resolve(find(one.input)!.pick({ ...outputs[0], [list]: rows }));
    } catch (error) {
      if (failsAsOne === true) return one.reject(error);
      // The error may concern another item of the batch: retry one by one.
      await settleAll([one], call(one.input));
    }
  }
}

async function settleAll(group: readonly Waiting[], answer: Promise<Input>): Promise<void> {
  try {
    const output = await answer;
    for (const { resolve } of group) resolve(output);
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}
