import type * as Ssm from "@aws-sdk/client-ssm";
import type { Account } from "../core/account.js";
import type { Answer } from "../core/answer.js";
import { arnOf } from "../core/arn.js";
import { page } from "../core/page.js";
import { ServiceError } from "../core/service-error.js";

interface StoredParameter {
  readonly parameter: Ssm.Parameter;
  readonly description: string | undefined;
}

/** Parameters of one's own, besides AWS's public ones. */
export interface Parameters {
  readonly handlers: ReturnType<typeof handlersOf>;
  readonly find: (name: string) => Ssm.Parameter | undefined;
}

export function createParameters(
  account: Account,
  publicOne: (name: string) => Ssm.Parameter | undefined,
): Parameters {
  const stored = new Map<string, StoredParameter>();
  const find = (name: string): Ssm.Parameter | undefined => stored.get(name)?.parameter ?? publicOne(name);
  return { find, handlers: handlersOf(account, stored, find) };
}

function handlersOf(
  account: Account,
  stored: Map<string, StoredParameter>,
  find: (name: string) => Ssm.Parameter | undefined,
) {
  return {
    async putParameter(input: Ssm.PutParameterCommandInput): Answer<Ssm.PutParameterCommandOutput> {
      const { Name: name = "", Value: value = "" } = input;
      if (!/^[\w.\-/]+$/.test(name))
        throw new ServiceError(
          "ValidationException",
          "Parameter name must be a fully qualified name, and may contain letters, digits and the symbols .-_/",
        );
      if (/^\/?(aws|ssm)/i.test(name))
        throw new ServiceError(
          "ValidationException",
          `Parameter name: can't be prefixed with "ssm" (case-insensitive).`,
        );
      const before = stored.get(name)?.parameter;
      if (before !== undefined && input.Overwrite !== true)
        throw new ServiceError(
          "ParameterAlreadyExists",
          "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
        );
      const type = input.Type ?? before?.Type;
      if (type === undefined)
        throw new ServiceError(
          "ValidationException",
          "A parameter type is required when you create a parameter.",
        );
      const version = (before?.Version ?? 0) + 1;
      stored.set(name, {
        description: input.Description,
        parameter: {
          Name: name,
          Type: type,
          Value: value,
          Version: version,
          DataType: input.DataType ?? "text",
          ARN: arnOf(account, "ssm", `parameter${name.startsWith("/") ? "" : "/"}${name}`),
          LastModifiedDate: new Date(account.clock.now()),
        },
      });
      return { Version: version, Tier: "Standard" };
    },

    async getParameters(input: Ssm.GetParametersCommandInput): Answer<Ssm.GetParametersCommandOutput> {
      const names = input.Names ?? [];
      return {
        Parameters: names.flatMap((name) => find(name) ?? []),
        InvalidParameters: names.filter((name) => find(name) === undefined),
      };
    },

    async getParametersByPath(
      input: Ssm.GetParametersByPathCommandInput,
    ): Answer<Ssm.GetParametersByPathCommandOutput> {
      const path = `${(input.Path ?? "/").replace(/\/$/, "")}/`;
      const found = [...stored].filter(
        ([name]) =>
          name.startsWith(path) && (input.Recursive === true || !name.slice(path.length).includes("/")),
      );
      const { items, nextToken } = page(found, input.NextToken, input.MaxResults ?? 10, badToken);
      return { Parameters: items.map(([, { parameter }]) => parameter), NextToken: nextToken };
    },

    async describeParameters(
      input: Ssm.DescribeParametersCommandInput,
    ): Answer<Ssm.DescribeParametersCommandOutput> {
      const { items, nextToken } = page(
        [...stored.values()],
        input.NextToken,
        input.MaxResults ?? 50,
        badToken,
      );
      return {
        Parameters: items.map(({ parameter: { Value: _value, ...rest }, description }) => ({
          ...rest,
          ...(description !== undefined && { Description: description }),
          Tier: "Standard",
          Policies: [],
        })),
        NextToken: nextToken,
      };
    },

    async deleteParameter(input: Ssm.DeleteParameterCommandInput): Answer<Ssm.DeleteParameterCommandOutput> {
      if (!stored.delete(input.Name ?? ""))
        throw new ServiceError("ParameterNotFound", `Parameter ${input.Name} not found.`);
      return {};
    },
  };
}

const badToken = (): ServiceError => new ServiceError("InvalidNextToken", "The specified token isn't valid.");
