import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

interface Rule {
  /** The fields that name what is made. */
  readonly by: readonly string[];
  /** AWS's refusal of a second one; without, AWS answers with the one that is there. */
  readonly refusal?: string;
}

/** What AWS makes once, however often it is asked for, and moto again and again. */
const ONCE: Readonly<Record<string, Rule | undefined>> = {
  CreateLoadBalancer: { by: ["Name"] },
  CreateListener: { by: ["LoadBalancerArn", "Port"] },
  CreateAutoScalingGroup: { by: ["AutoScalingGroupName"], refusal: "AlreadyExists" },
};

/** The same for calls in JSON. */
const ONCE_IN_JSON = "CreateCapacityProvider";
const EXISTS: Answer = {
  status: 400,
  headers: { "content-type": "application/x-amz-json-1.1" },
  body: Buffer.from(
    JSON.stringify({
      __type: "ClientException",
      message:
        "The specified capacity provider already exists. To change the configuration, use UpdateCapacityProvider.",
    }),
  ),
};

/** What moto, whose calls run in threads, does twice at once: each call launches the instances that are missing. */
const ONE_AFTER_ANOTHER = "UpdateAutoScalingGroup";

const refused = (code: string): Answer => ({
  status: 400,
  headers: { "content-type": "text/xml" },
  body: Buffer.from(
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`,
  ),
});

/** Stands before moto, so that there is one of everything that has a name. Everything else goes through as it is. */
export class OneOfAName {
  readonly #server: Server;
  readonly #made = new Map<string, Promise<Answer>>();
  #previous: Promise<unknown> = Promise.resolve();

  private constructor(moto: string) {
    this.#server = createServer((request, response) => {
      void this.#answer(moto, request).then(({ status, headers, body }) => {
        response.writeHead(status, headers).end(body);
      });
    });
  }

  static async before(moto: string): Promise<OneOfAName> {
    const proxy = new OneOfAName(moto);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(moto: string, request: IncomingMessage): Promise<Answer> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const send = () => forward(moto, request, body);
    const target = String(request.headers["x-amz-target"] ?? "").split(".")[1] ?? "";
    const form = new URLSearchParams(body.toString());
    const action = form.get("Action") ?? target;
    if (action.startsWith("Delete")) this.#made.clear();
    if (action === ONE_AFTER_ANOTHER) {
      const answer = this.#previous.then(send);
      this.#previous = answer.catch(() => {});
      return answer;
    }
    if (action === ONCE_IN_JSON) {
      const { name } = JSON.parse(body.toString()) as { readonly name: string };
      const key = `${action} ${name}`;
      if (this.#made.has(key)) return EXISTS;
      const made = send();
      this.#made.set(key, made);
      return made;
    }
    const once = ONCE[action];
    if (once === undefined) return send();
    const name = [action, ...once.by.map((field) => form.get(field))].join(" ");
    const known = this.#made.get(name);
    if (known !== undefined) return once.refusal === undefined ? known : refused(once.refusal);
    const made = send();
    this.#made.set(name, made);
    return made;
  }
}

async function forward(moto: string, request: IncomingMessage, body: Buffer): Promise<Answer> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(
      ([name, value]) => typeof value === "string" && !/^(connection|content-length|expect)$/.test(name),
    ),
  ) as Record<string, string>;
  const method = request.method ?? "POST";
  const answer = await fetch(`${moto}${request.url ?? "/"}`, {
    method,
    headers,
    ...(method === "GET" ? {} : { body }),
  });
  const kept = [...answer.headers].filter(([name]) => name === "content-type" || name.startsWith("x-amz"));
  return {
    status: answer.status,
    headers: Object.fromEntries(kept),
    body: Buffer.from(await answer.arrayBuffer()),
  };
}
