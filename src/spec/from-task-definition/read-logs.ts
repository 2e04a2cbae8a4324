import type { JsonReader } from "./json-reader.js";

export interface ReadLogs {
  readonly driver: string | undefined;
  readonly options: Readonly<Record<string, string>>;
  readonly secretOptions: Readonly<Record<string, string>> | undefined;
}

/** The chain's word for a reference to a secret. */
export const secretReference = (valueFrom: string): string =>
  valueFrom.startsWith("arn:") ? valueFrom : `ssm:${valueFrom}`;

export const readLogConfiguration = (reader: JsonReader): ReadLogs | undefined =>
  reader.object("logConfiguration", (each) => ({
    driver: each.text("logDriver"),
    options: each.map("options") ?? {},
    secretOptions: each.named("secretOptions", "name", (secret) =>
      secretReference(secret.text("valueFrom") ?? ""),
    ),
  }));

interface DeploymentLogs {
  readonly group: string;
  readonly options: { readonly streamPrefix: string; readonly options?: Readonly<Record<string, string>> };
  readonly source: ReadLogs;
}

/** The main container's log group as `.logs` describes it; `undefined` if it has none whose streams are named after tasks. */
export function deploymentLogs(logs: ReadLogs | undefined): DeploymentLogs | undefined {
  if (logs?.driver !== "awslogs" || logs.secretOptions !== undefined) return undefined;
  const { "awslogs-group": group, "awslogs-stream-prefix": streamPrefix, ...rest } = logs.options;
  if (group === undefined || streamPrefix === undefined || rest["awslogs-region"] === undefined)
    return undefined;
  return {
    group,
    options: { streamPrefix, shared: true, options: rest } as DeploymentLogs["options"],
    source: logs,
  };
}

/** The option `logs` of a container: none if it logs as the deployment does. */
export function logsOf(logs: ReadLogs | undefined, deployment: DeploymentLogs | undefined): object {
  if (logs === undefined) return { logs: false };
  if (deployment !== undefined && isSame(logs, deployment.source)) return {};
  const { driver, options, secretOptions } = logs;
  return { logs: { driver, options, ...(secretOptions && { secretOptions }) } };
}

const isSame = (one: ReadLogs, other: ReadLogs): boolean => text(one) === text(other);

const text = ({ driver, options, secretOptions = {} }: ReadLogs): string =>
  JSON.stringify([driver, Object.entries(options).sort(), Object.entries(secretOptions).sort()]);
