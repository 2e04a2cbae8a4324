import { batchOf, type Batch } from "./batches.js";
import { isRead } from "./operation-name.js";
import type { AwsPorts, ServiceName } from "./ports.js";

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
export function batchReads(ports: AwsPorts): AwsPorts {
  const services = new Map<string, object>();
  return new Proxy({} as AwsPorts, {
    get(_, service) {
      const port = typeof service === "symbol" ? undefined : ports[service as ServiceName];
      if (port === undefined) return undefined;
      const known = services.get(service as string) ?? batchPort(service as ServiceName, port);
      services.set(service as string, known);
      return known;
    },
  });
}

function batchPort(service: ServiceName, port: object): object {
  const calls = new Map<string, Call>();
  return new Proxy(
    {},
    {
      get(_, method) {
        const call = Reflect.get(port, method) as Call | undefined;
        if (typeof method === "symbol" || call === undefined || !isRead(method)) return call;
        const known = calls.get(method) ?? together(call, (input) => batchOf(service, method, input));
        calls.set(method, known);
        return known;
      },
    },
  );
}

/** Collects questions until every promise that is settled has been heard (a tick after the microtasks), then asks. */
function together(call: Call, find: (input: Input) => Batch | undefined): Call {
  let waiting: Waiting[] = [];
  const ask = () => {
    const asked = waiting;
    waiting = [];
    const groups = new Map<string, Waiting[]>();
    for (const one of asked) {
      const key = find(one.input)?.key ?? `same ${JSON.stringify(one.input)}`;
      groups.set(key, [...(groups.get(key) ?? []), one]);
    }
    for (const [key, group] of groups) {
      if (key.startsWith("same ")) void answerAll(group, call(group[0]!.input));
      else askInParts(group, call, find(group[0]!.input)!, find);
    }
  };
  return (input) =>
    new Promise((resolve, reject) => {
      waiting.push({ input, resolve, reject });
      if (waiting.length === 1) queueMicrotask(() => process.nextTick(ask));
    });
}

/** Every item once, as many in each request as it takes; whoever asked gets his part of the answers. */
function askInParts(
  group: readonly Waiting[],
  call: Call,
  { size, list, ask }: Batch,
  find: (input: Input) => Batch | undefined,
): void {
  const [only] = group;
  if (group.length === 1) return void answerAll(group, call(only!.input));
  const itemsOf = new Map(group.map((one) => [one, find(one.input)!.items]));
  const parts = inParts([...new Set([...itemsOf.values()].flat())], size);
  const answers = parts.map((items) => ask(call, items));
  for (const answer of answers) answer.catch(() => {});
  for (const one of group) {
    const own = itemsOf.get(one)!;
    const needed = answers.filter((_, index) => parts[index]!.some((item) => own.includes(item)));
    void answerFrom(one, needed);
  }

  async function answerFrom(one: Waiting, needed: readonly Promise<Input>[]): Promise<void> {
    try {
      const outputs = await Promise.all(needed);
      const rows = outputs.flatMap((output) => (output[list] ?? []) as readonly Input[]);
      one.resolve(find(one.input)!.pick({ ...outputs[0], [list]: rows }));
    } catch {
      // It may be about somebody else's: whoever asks alone hears what is his.
      void answerAll([one], call(one.input));
    }
  }
}

function inParts(items: readonly string[], size: number): string[][] {
  const parts: string[][] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts;
}

async function answerAll(group: readonly Waiting[], answer: Promise<Input>): Promise<void> {
  try {
    const output = await answer;
    for (const { resolve } of group) resolve(output);
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}
