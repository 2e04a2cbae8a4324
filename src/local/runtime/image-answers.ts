import { formatValue } from "../../spec/parsing/format-value.js";
import { matchesPattern } from "../authorization/match-pattern.js";

/**
 * One answer of a simulated container: its status; `"refused"`, if nothing listens on its port; `"silence"`, if no
 * answer arrives.
 */
export type ImageAnswer =
  | number
  | "refused"
  | "silence"
  | {
      /** @defaultValue 200 */
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** @defaultValue the image and the host name of the task */
      readonly body?: string;
    };

/**
 * What a simulated container answers: the same to every request; by path, in which `*` stands for any characters and
 * of which the longest that matches decides (404 if none does); or what a function of the request returns.
 */
export type ImageAnswers =
  | number
  | "refused"
  | "silence"
  | Readonly<Record<`/${string}`, ImageAnswer>>
  | ((request: Request) => ImageAnswer | Response | Promise<ImageAnswer | Response>);

type Answering = Extract<ImageAnswers, (...args: never[]) => unknown>;

/** An answer with every part, or none. */
export type ContainerAnswer =
  | "refused"
  | "silence"
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** Answers a request to a container. */
export async function answerRequest(
  answers: ImageAnswers,
  request: Request,
  about: { readonly image: string; readonly hostName: string },
): Promise<ContainerAnswer> {
  const given = typeof answers === "function" ? await ofFunction(answers, request) : byPath(answers, request);
  if (given === "refused" || given === "silence") return given;
  if (given instanceof Response)
    return {
      status: given.status,
      headers: Object.fromEntries(given.headers),
      body: await given.text(),
    };
  const { status = 200, headers = {}, body } = typeof given === "number" ? { status: given } : given;
  return {
    status,
    headers: { "content-type": "text/plain", ...headers },
    body: body ?? `${about.image} on ${about.hostName}\n`,
  };
}

function byPath(answers: Exclude<ImageAnswers, Answering>, { url }: Request): ImageAnswer {
  if (typeof answers !== "object") return answers;
  const { pathname } = new URL(url);
  const [longest] = Object.entries(answers)
    .filter(([pattern]) => matchesPattern(pattern, pathname))
    .sort(([one], [other]) => other.length - one.length);
  return longest?.[1] ?? { status: 404, body: `Nothing answers ${pathname}\n` };
}

/** A server whose code throws answers 500, and so does one that returns what is no answer. */
async function ofFunction(answers: Answering, request: Request): Promise<ImageAnswer | Response> {
  try {
    const given: unknown = await answers(request);
    if (given instanceof Response || isImageAnswer(given)) return given;
    throw new TypeError(
      `answers must return a status, { status, headers, body }, or a Response; got ${formatValue(given)}`,
    );
  } catch (error) {
    return { status: 500, body: `${String(error)}\n` };
  }
}

const STATUSES = { min: 200, max: 599 };

/** True for an answer that a container can give. */
function isImageAnswer(value: unknown): value is ImageAnswer {
  if (value === "refused" || value === "silence") return true;
  if (typeof value === "number") return isStatus(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { status = 200, headers = {}, body = "", ...others } = value as Record<string, unknown>;
  const areTexts =
    typeof headers === "object" &&
    headers !== null &&
    Object.values(headers).every((each) => typeof each === "string");
  return isStatus(status) && areTexts && typeof body === "string" && Object.keys(others).length === 0;
}

const isStatus = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= STATUSES.min && (value as number) <= STATUSES.max;

/** True for what a container can answer. */
export function isImageAnswers(value: unknown): value is ImageAnswers {
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null) return isImageAnswer(value);
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every(([path, each]) => path.startsWith("/") && isImageAnswer(each));
}
