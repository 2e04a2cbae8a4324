import type { TaskSpec } from "../../spec/deployment-spec.js";
import { logDriverOf, logGroupUses, routerOutput } from "../../spec/task/log-groups.js";
import type { PolicyDocument } from "./execution-policy.js";

type Statement = PolicyDocument["Statement"][number];

/**
 * What the task's own role must permit for its volumes and its log router; `undefined` if nothing.
 *
 * Sources: Amazon EFS User Guide, "Using IAM to control access to file systems"; Fluent Bit's manual, the outputs of
 * AWS; Amazon ECS Developer Guide, "Required IAM permissions" of FireLens.
 */
export function taskPolicy(
  spec: Pick<TaskSpec, "container" | "sidecars" | "volumes" | "logs">,
  { region, partition }: { readonly region: string; readonly partition: string },
): PolicyDocument | undefined {
  const statements = [...fileSystems(spec, { region, partition }), ...outputs(spec, { region, partition })];
  return statements.length === 0 ? undefined : { Version: "2012-10-17", Statement: statements };
}

interface Place {
  readonly region: string;
  readonly partition: string;
}

function fileSystems(
  { container, sidecars, volumes }: Pick<TaskSpec, "container" | "sidecars" | "volumes">,
  { region, partition }: Place,
): readonly Statement[] {
  const mounts = [container, ...sidecars].flatMap((each) => each.mounts);
  return volumes.flatMap((volume): readonly Statement[] => {
    const isWritten = mounts.some(({ volume: name, readOnly }) => name === volume.name && !readOnly);
    if (volume.type === "efs" && volume.iam) {
      const access = volume.accessPoint;
      return [
        {
          Effect: "Allow",
          Action: ["elasticfilesystem:ClientMount", ...(isWritten ? ["elasticfilesystem:ClientWrite"] : [])],
          Resource: [`arn:${partition}:elasticfilesystem:${region}:*:file-system/${volume.fileSystem}`],
          ...(access !== undefined && {
            Condition: {
              StringLike: {
                "elasticfilesystem:AccessPointArn": [
                  `arn:${partition}:elasticfilesystem:${region}:*:access-point/${access}`,
                ],
              },
            },
          }),
        },
      ];
    }
    if (volume.type !== "s3files") return [];
    return [
      {
        Effect: "Allow",
        Action: ["s3files:ClientMount", ...(isWritten ? ["s3files:ClientWrite"] : [])],
        Resource: [volume.fileSystem],
      },
    ];
  });
}

/** What Fluent Bit's outputs of AWS write to. */
function outputs(
  { container, sidecars, logs }: Pick<TaskSpec, "container" | "sidecars" | "logs">,
  { region, partition }: Place,
): readonly Statement[] {
  const containers = [container, ...sidecars];
  const allow = (actions: readonly string[], resource: string): Statement => ({
    Effect: "Allow",
    Action: actions,
    Resource: [resource],
  });
  const groups = logGroupUses(containers, logs)
    .filter(({ writer }) => writer === "router")
    .map((use) =>
      allow(
        [
          ...(use.creates ? ["logs:CreateLogGroup"] : []),
          "logs:CreateLogStream",
          "logs:DescribeLogStreams",
          "logs:PutLogEvents",
        ],
        `arn:${partition}:logs:${use.region ?? region}:*:log-group:${use.group}:*`,
      ),
    );
  const others = containers.flatMap((each): readonly Statement[] => {
    const driver = logDriverOf(each, logs);
    const output = driver && routerOutput(driver);
    if (driver === undefined || output === undefined) return [];
    const at = driver.options.region ?? region;
    const { delivery_stream: delivery, stream, bucket } = driver.options;
    if (/^(?:kinesis_)?firehose$/.test(output.name ?? "") && delivery !== undefined)
      return [
        allow(["firehose:PutRecordBatch"], `arn:${partition}:firehose:${at}:*:deliverystream/${delivery}`),
      ];
    if (/^kinesis(?:_streams)?$/.test(output.name ?? "") && stream !== undefined)
      return [allow(["kinesis:PutRecords"], `arn:${partition}:kinesis:${at}:*:stream/${stream}`)];
    if (output.name === "s3" && bucket !== undefined)
      return [allow(["s3:PutObject"], `arn:${partition}:s3:::${bucket}/*`)];
    return [];
  });
  const all = [...groups, ...others];
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}
