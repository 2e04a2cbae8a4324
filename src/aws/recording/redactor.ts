import { Aliases } from "./aliases.js";
import { AddressAliases } from "./address-aliases.js";
import { HostAliases } from "./host-aliases.js";

/** Members whose values are credentials or secrets, or can contain them, in AWS's APIs. */
const SECRET =
  /^(access_?key_?id|user_?data|(public)?key_?material|secretstring|command|entrypoint)$|password|passwd|private_?key|api_?key|token|^(next)?marker$|secret(?!s$|options$|arn$)|authorization(?!type$)/i;
/** Members whose values are host names. */
const HOSTS =
  /^(domainname|domains?|subjectalternativenames|subjectalternativenamesummaries|hostname|host|serveraddress|hostheaderconfig)$/i;
/** Words of AWS's own, at the start of a health check's command. */
const PLAIN = /^(CMD|CMD-SHELL|NONE)$/;
const IMAGE = /^(image|imageuri|containerimage)$/i;

interface Place {
  readonly isSecret?: boolean;
  readonly isHost?: boolean;
  /** Below `environment`: only the values of the pairs are secrets. */
  readonly isEnvironment?: boolean;
}

/**
 * Replaces account numbers, addresses, host names, users, credentials, secrets and tokens in requests and answers.
 * The same value gets the same replacement, in all of them. Names, ids, tags, regions and policies stay.
 */
export class Redactor {
  readonly #accounts = new Aliases((number) =>
    number < 10 ? String(number).repeat(12) : String(100_000_000_000 + number),
  );
  readonly #users = new Aliases((number) => `user-${number}`);
  readonly #keys = new Aliases((number) => `AKIAEXAMPLE${String(number).padStart(9, "0")}`);
  readonly #secrets = new Aliases((number) => `secret-${number}`);
  readonly #addresses = new AddressAliases();
  readonly #hosts = new HostAliases();

  /** A copy as plain JSON. */
  redact(value: unknown, service: string): unknown {
    return this.#walk(value, {}, service);
  }

  /** A text with its account numbers, addresses, hosts and users replaced. */
  text(text: string): string {
    const named = text
      .replace(/(authorization failure message: )\S+/gi, "$1…")
      .replace(/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, (mail) => this.#users.of(mail))
      .replace(/\b(?:AKIA|ASIA|AIDA|AROA)[A-Z\d]{12,}\b/g, (key) => this.#keys.of(key))
      .replace(/(:assumed-role\/[^/\s"]+\/)([^\s"]+)/g, (_, role: string, user: string) =>
        /^user-\d+$/.test(user) ? role + user : role + this.#users.of(user),
      )
      .replace(/(:iam::\d{12}:user\/)([^\s"]+)/g, (_, start: string, user: string) =>
        /^user-\d+$/.test(user) ? start + user : start + this.#users.of(user),
      );
    const addressed = this.#hosts.replaceIn(this.#addresses.replaceIn(named));
    return addressed.replace(/\b\d{12}\b/g, (account) => this.#accounts.of(account));
  }

  #walk(value: unknown, place: Place, service: string): unknown {
    if (typeof value === "string") return this.#string(value, place, service);
    // An account number is a string in all APIs; a number is a size, a port or a time.
    if (typeof value !== "object" || value === null) return value;
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (value instanceof Uint8Array) return place.isSecret ? this.#secrets.of(String(value)) : "(bytes)";
    if (Array.isArray(value)) return value.map((item) => this.#walk(item, place, service));
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    const of = (key: string) => (value as Readonly<Record<string, unknown>>)[key];
    const isSecure = (of("Type") ?? of("type")) === "SecureString";
    const isHostCondition = (of("Field") ?? of("field")) === "host-header";
    return Object.fromEntries(
      members.map(([key, member]) => {
        const isValue = /^values?$/i.test(key);
        const inside: Place = {
          isSecret:
            place.isSecret === true ||
            (typeof member !== "object" || Array.isArray(member) || member instanceof Uint8Array
              ? SECRET.test(key)
              : false) ||
            (isValue && (isSecure || place.isEnvironment === true)) ||
            (service === "logs" && key === "message"),
          isHost: place.isHost === true || HOSTS.test(key) || (isValue && isHostCondition),
          isEnvironment: /^environment$/i.test(key),
        };
        if (IMAGE.test(key) && typeof member === "string") this.#noteRegistry(member);
        return [key, this.#walk(member, inside, service)];
      }),
    );
  }

  #string(value: string, place: Place, service: string): string {
    if (place.isSecret === true && value !== "" && !value.startsWith("arn:") && !PLAIN.test(value))
      return this.#secrets.of(value);
    if (place.isHost === true) this.#hosts.note(value);
    return this.#document(value, service) ?? this.text(value);
  }

  /** A policy or another JSON document, as it is or URL-encoded. */
  #document(value: string, service: string): string | undefined {
    const isEncoded = /^%(7B|5B)/i.test(value);
    if (!isEncoded && !/^\s*[[{]/.test(value)) return undefined;
    try {
      const parsed: unknown = JSON.parse(isEncoded ? decodeURIComponent(value) : value);
      const redacted = JSON.stringify(this.#walk(parsed, {}, service));
      return isEncoded ? encodeURIComponent(redacted) : redacted;
    } catch {
      return undefined;
    }
  }

  #noteRegistry(image: string): void {
    const [registry = "", ...rest] = image.split("/");
    if (rest.length > 0 && registry.includes(".")) this.#hosts.note(registry.replace(/:\d+$/, ""));
  }
}
