import { NormalizedSchema } from "@smithy/core/schema";
import type { WireService } from "./wire-services.js";

/** What the SDK's package of a service knows of its API. */
export interface ApiModel {
  /** The XML namespace of the answers of the query protocols. */
  readonly xmlNamespace: string;
  /** `com.amazonaws.ecs`. */
  readonly namespace: string;
  readonly operations: ReadonlyMap<string, ApiOperation>;
  /** The values of an enumeration, by its name: `LaunchType`. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
  /** The schema of an error by its name or by its code in the query protocol. */
  readonly error: (code: string) => NormalizedSchema | undefined;
}

export interface ApiOperation {
  /** `CreateCluster`. */
  readonly name: string;
  /** `createCluster`. */
  readonly method: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** The HTTP method, the URI's pattern and the status of a REST operation. */
  readonly http: readonly [method: string, pattern: string, status: number] | undefined;
}

/** The SDK's static form of a schema: a tuple that begins with its type. */
type StaticSchema = readonly [
  type: number,
  namespace: string,
  name: string,
  traits: unknown,
  ...rest: never[],
];
type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

const OPERATION = 9;
const ERROR = -3;

const models = new Map<WireService, Promise<ApiModel>>();

/** Loads the SDK's package of a service, once. */
export function loadModel(service: WireService): Promise<ApiModel> {
  const known = models.get(service);
  if (known !== undefined) return known;
  const model = service.load().then((exports) => readModel(exports, service.xmlNamespace));
  models.set(service, model);
  return model;
}

function readModel(exports: object, xmlNamespace = ""): ApiModel {
  const schemas = Object.values(exports).filter(isSchema);
  const operations = schemas.filter(([type]) => type === OPERATION).map(readOperation);
  const errors = new Map<string, NormalizedSchema>();
  for (const schema of schemas) {
    if (schema[0] !== ERROR) continue;
    const error = NormalizedSchema.of(schema as unknown as SchemaRef);
    errors.set(schema[2], error);
    const code = queryErrorOf(error)?.[0];
    if (code !== undefined) errors.set(code, error);
  }
  return {
    namespace: schemas.find(([type]) => type === OPERATION)?.[1] ?? "",
    xmlNamespace,
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    enums: new Map(
      Object.entries(exports).flatMap(([name, value]) =>
        isEnum(value) ? [[name, Object.values(value)]] : [],
      ),
    ),
    error: (code) => errors.get(code),
  };
}

/** The code and the HTTP status of an error in the query protocol, where they differ from its name. */
export const queryErrorOf = (error: NormalizedSchema): readonly [string, number] | undefined =>
  (error.getMergedTraits() as { readonly awsQueryError?: readonly [string, number] }).awsQueryError;

const isEnum = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === "object" &&
  value !== null &&
  Object.getPrototypeOf(value) === Object.prototype &&
  Object.values(value).every((each) => typeof each === "string");

const isSchema = (value: unknown): value is StaticSchema =>
  Array.isArray(value) && value.length >= 5 && typeof value[0] === "number" && typeof value[1] === "string";

function readOperation(schema: StaticSchema): ApiOperation {
  const [, , name, traits, input, output] = schema as unknown as readonly [
    number,
    string,
    string,
    unknown,
    SchemaRef,
    SchemaRef,
  ];
  const http = (traits as { readonly http?: ApiOperation["http"] } | 0 | undefined) || undefined;
  return {
    name,
    method: name.charAt(0).toLowerCase() + name.slice(1),
    input: NormalizedSchema.of(input),
    output: NormalizedSchema.of(output),
    http: http?.http,
  };
}
