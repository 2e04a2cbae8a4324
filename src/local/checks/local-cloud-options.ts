import { formatValue } from "../../spec/parsing/format-value.js";
import { isPlainObject } from "../../spec/parsing/frozen-copy.js";
import { Issues } from "../../spec/parsing/issues.js";
import { OptionsReader } from "../../spec/parsing/options-reader.js";
import type { LocalCloudOptions } from "../local-cloud-options.js";
import { checkImageBehavior } from "./image-behavior.js";
import { oneOfWords } from "./one-of-words.js";

type Options = Readonly<Record<string, unknown>>;

/** Every option, so that none that is added is taken for a typo. */
const ALL: Readonly<Record<keyof LocalCloudOptions, true>> = {
  run: true,
  docker: true,
  images: true,
  timeScale: true,
  clock: true,
  startsAt: true,
  seed: true,
  region: true,
  account: true,
  accountId: true,
  secrets: true,
  fileSystems: true,
  vpcs: true,
  logBuckets: true,
  freePlan: true,
  amisEvery: true,
  certificates: true,
  hostedZones: true,
  caller: true,
  readAccountRoles: true,
  clockSkew: true,
  eventualConsistency: true,
  taggingDelay: true,
  unknownMembers: true,
};

const REGION = /^[a-z]{2,4}(?:-[a-z]+)+-\d+$/;
const ACCOUNT = /^\d{12}$/;
/** A domain, or a top-level one such as `localhost`. */
const ZONE = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z][a-z0-9-]{0,61}[a-z0-9]\.?$/i;
const DOMAIN = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

/** Checks the options of `localCloud()` as those of a chain: a typo must not make a test pass. */
export function checkLocalCloudOptions(given: unknown): void {
  const issues = new Issues();
  const options = new OptionsReader<Options>(given, "localCloud", issues);
  const clock = oneOfWords(options, "clock", ["real", "virtual"]);
  eachEntry(options, "run", issues, (value, path) => checkProcess(value, path, issues));
  eachEntry(options, "images", issues, (value, path) => checkImageBehavior(value, path, issues));
  for (const key of [
    ...["docker", "freePlan", "readAccountRoles", "eventualConsistency", "unknownMembers"],
  ] as const)
    options.boolean(key);
  if (clock === "virtual" && options.raw("docker") === true)
    options.issue("docker", "needs the real clock, on which containers run: remove it, or clock");
  options.number("timeScale", { above: 0 });
  options.integer("seed", { min: Number.MIN_SAFE_INTEGER });
  options.number("clockSkew", {});
  options.number("amisEvery", { above: 0 });
  options.number("taggingDelay", { min: 0 });
  const startsAt = options.raw("startsAt");
  if (startsAt !== undefined && !(startsAt instanceof Date && Number.isFinite(startsAt.getTime())))
    options.issue("startsAt", `must be a valid Date; got ${formatValue(startsAt)}`);
  pattern(options, "region", REGION, 'the id of a region, such as "eu-west-1"');
  pattern(options, "accountId", ACCOUNT, "an account id of 12 digits");
  const account = options.raw("account");
  if (account !== undefined && !(isPlainObject(account) && ACCOUNT.test(String(account["id"]))))
    options.issue("account", `must be a localAccount(); got ${formatValue(account)}`);
  eachItem(options, "secrets", (value, path) => {
    if (typeof value === "string" && value !== "") return;
    if (!isPlainObject(value))
      return issues.add(path, `must be a name, an ARN, or { name, kmsKey }; got ${formatValue(value)}`);
    const secret = new OptionsReader<Options>(value, path, issues);
    for (const key of ["name", "kmsKey"] as const)
      if (secret.string(key) === undefined && value[key] === undefined) secret.issue(key, "is required");
    secret.close();
  });
  eachItem(options, "fileSystems", (value, path) => {
    const system = new OptionsReader<Options>(value, path, issues);
    const id = system.raw("id");
    if (isPlainObject(value) && (typeof id !== "string" || !/^fs-[0-9a-f]+$/.test(id)))
      system.issue("id", `must be the id of a file system, fs-…; got ${formatValue(id)}`);
    system.list("zones", "Availability Zones");
    system.list("accessPoints", "ids of access points");
    system.close();
  });
  eachItem(options, "vpcs", (value, path) => checkVpc(value, path, issues));
  eachItem(options, "certificates", (value, path) => checkCertificate(value, path, issues));
  options.list("logBuckets", "names of buckets");
  eachItem(options, "hostedZones", (value, path) => checkZone(value, path, issues));
  const caller = options.raw("caller");
  if (caller !== undefined && typeof caller !== "function" && !isPlainObject(caller))
    options.issue(
      "caller",
      `must be a policy document, or a function that returns one; got ${formatValue(caller)}`,
    );
  for (const key of Object.keys(ALL)) options.raw(key);
  options.close();
  issues.throwIfAny("The cloud localCloud()");
}

function checkProcess(value: unknown, path: string, issues: Issues): void {
  const options = new OptionsReader<Options>(value, path, issues);
  options.words("entryPoint");
  const command = options.raw("command");
  const isCommand = Array.isArray(command) && command.every((word) => typeof word === "string");
  if (isPlainObject(value) && !isCommand)
    options.issue(
      "command",
      `must be an array of strings, one per word: ["node", "server.mjs"]; got ${formatValue(command)}`,
    );
  options.path("cwd", "the path of a directory");
  const env = options.raw("env");
  if (env !== undefined && !isPlainObject(env))
    options.issue("env", `must be an object of names and values; got ${formatValue(env)}`);
  for (const [name, text] of Object.entries(isPlainObject(env) ? env : {}))
    if (typeof text !== "string")
      issues.add(`${path}.env.${name}`, `must be a string; got ${formatValue(text)}`);
  options.close();
}

function checkVpc(value: unknown, path: string, issues: Issues): void {
  const options = new OptionsReader<Options>(value, path, issues);
  options.boolean("default");
  options.string("cidr", "an IPv4 CIDR block");
  options.list("zones", "letters of zones");
  options.list("endpoints", "names of AWS services");
  checkTags(options.raw("tags"), `${path}.tags`, issues);
  const subnets = options.raw("subnets");
  if (subnets !== undefined && !Array.isArray(subnets))
    options.issue("subnets", `must be an array; got ${formatValue(subnets)}`);
  for (const [index, subnet] of (Array.isArray(subnets) ? (subnets as unknown[]) : []).entries()) {
    const at = `${path}.subnets.${index}`;
    const own = new OptionsReader<Options>(subnet, at, issues);
    own.string("zone", "the letter of a zone");
    oneOfWords(own, "egress", ["internet", "nat", "none"]);
    own.boolean("publicIps");
    checkTags(own.raw("tags"), `${at}.tags`, issues);
    own.close();
  }
  options.close();
}

function checkTags(tags: unknown, path: string, issues: Issues): void {
  if (tags === undefined) return;
  const isTags = isPlainObject(tags) && Object.values(tags).every((value) => typeof value === "string");
  if (!isTags) issues.add(path, `must be an object of keys and values; got ${formatValue(tags)}`);
}

function checkCertificate(value: unknown, path: string, issues: Issues): void {
  const options = new OptionsReader<Options>(value, path, issues);
  const domain = options.raw("domain");
  if (isPlainObject(value) && (typeof domain !== "string" || !DOMAIN.test(domain)))
    options.issue("domain", `must be a domain, such as "talk.example.com"; got ${formatValue(domain)}`);
  options.list("names", "domains");
  oneOfWords(options, "status", ["ISSUED", "PENDING_VALIDATION", "EXPIRED"]);
  options.number("validDays", {});
  options.close();
}

function checkZone(value: unknown, path: string, issues: Issues): void {
  const options = new OptionsReader<Options>(isPlainObject(value) ? value : { domain: value }, path, issues);
  const domain = options.raw("domain");
  if (typeof domain !== "string" || !ZONE.test(domain))
    options.issue("domain", `must be a domain, such as "example.com"; got ${formatValue(domain)}`);
  options.boolean("private");
  options.boolean("delegated");
  options.list("caa", "domains of certificate authorities");
  options.close();
}

function pattern(options: OptionsReader<Options>, key: string, wanted: RegExp, what: string): void {
  const value = options.raw(key);
  if (value === undefined || (typeof value === "string" && wanted.test(value))) return;
  options.issue(key, `must be ${what}; got ${formatValue(value)}`);
}

function eachEntry(
  options: OptionsReader<Options>,
  key: string,
  issues: Issues,
  check: (value: unknown, path: string) => void,
): void {
  const map = options.raw(key);
  if (map === undefined) return;
  if (!isPlainObject(map)) return options.issue(key, `must be an object of images; got ${formatValue(map)}`);
  for (const [image, value] of Object.entries(map)) {
    const path = `localCloud.${key}.${image}`;
    if (isPlainObject(value)) check(value, path);
    else issues.add(path, `must be an object of options; got ${formatValue(value)}`);
  }
}

function eachItem(
  options: OptionsReader<Options>,
  key: string,
  check: (value: unknown, path: string) => void,
): void {
  const list = options.raw(key);
  if (list === undefined) return;
  if (!Array.isArray(list)) return options.issue(key, `must be an array; got ${formatValue(list)}`);
  // Not `forEach`, which leaves the holes of an array; an absent item would be no option at all.
  Array.from(list, (value: unknown, index) => check(value ?? null, `localCloud.${key}.${index}`));
}
