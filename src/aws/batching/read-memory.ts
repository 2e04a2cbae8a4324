import type { AwsApi, ServiceName } from "../api.js";
import { isNotFound } from "../not-found.js";
import { isRead } from "../operation-name.js";

type Answer = Promise<unknown>;
type Call = (input: unknown) => Answer;

const OF_TASK_DEFINITIONS = /TaskDefinition/;

/**
 * What a run has read. While the run only looks, a question that was asked before gets the answer of then; once it
 * changes something, every comparison, wait and look asks anew, and the memory is only for what the run does not touch.
 */
export class ReadMemory {
  readonly #answers = new Map<string, Answer>();
  #planned: ReadonlyMap<string, Answer> = new Map();
  isLooking = true;

  /** The APIs that answer from the memory while the run looks. */
  looking(aws: AwsApi): AwsApi {
    return this.#through(aws, (key, ask) => {
      if (!this.isLooking) return ask();
      return this.#answers.get(key) ?? this.#keep(key, ask());
    });
  }

  /** The APIs that answer what is still known from the memory, also while the run changes things. */
  observed(aws: AwsApi): AwsApi {
    return this.#through(aws, (key, ask) => this.#answers.get(key) ?? ask());
  }

  /** The APIs that answer what was asked before the run changed anything; they keep nothing more. */
  planned(aws: AwsApi): AwsApi {
    return this.#through(aws, (key, ask) => this.#planned.get(key) ?? ask());
  }

  /** From now on, the run asks anew. */
  endLooking(): void {
    if (this.isLooking) this.#planned = new Map(this.#answers);
    this.isLooking = false;
  }

  /** Time has passed. */
  forget(): void {
    this.#answers.clear();
  }

  /** A write begins, or has ended: what it may change is forgotten, also of another service. */
  forgetChanged(service: ServiceName, method: string): void {
    // A new revision changes no other resource.
    const isRevision = service === "ecs" && OF_TASK_DEFINITIONS.test(method);
    if (!isRevision) return this.forget();
    for (const key of this.#answers.keys()) if (OF_TASK_DEFINITIONS.test(key)) this.#answers.delete(key);
  }

  #keep(key: string, answer: Answer): Answer {
    this.#answers.set(key, answer);
    answer.catch((error: unknown) => {
      // That something does not exist is an answer; a failure is none.
      if (!isNotFound(error) && this.#answers.get(key) === answer) this.#answers.delete(key);
    });
    return answer;
  }

  #through(aws: AwsApi, answer: (key: string, ask: () => Answer) => Answer): AwsApi {
    return new Proxy({} as AwsApi, {
      get: (_, service) => {
        const port = typeof service === "symbol" ? undefined : aws[service as ServiceName];
        if (port === undefined) return undefined;
        return new Proxy(
          {},
          {
            get: (__, method) => {
              const call = Reflect.get(port, method) as Call | undefined;
              if (typeof method === "symbol" || call === undefined || !isRead(method)) return call;
              return (input: unknown) =>
                answer(`${service as string}.${method} ${words(input)}`, () => call(input));
            },
          },
        );
      },
    });
  }
}

/** The same for requests that differ only in the order of their members. */
const words = (input: unknown): string =>
  JSON.stringify(
    Object.entries((input ?? {}) as object).sort(([one], [other]) =>
      one < other ? -1 : one > other ? 1 : 0,
    ),
  );
