import { defined } from "./defined.js";
import type { JsonReader } from "./json-reader.js";

export function readVolume(reader: JsonReader): { readonly name: string; readonly options: object } {
  const name = reader.text("name");
  if (name === undefined) reader.issue("name", "is required");
  const isAtLaunch = reader.flag("configuredAtLaunch") ?? false;
  const options = defined({
    host: reader.object("host", (each) => each.text("sourcePath")),
    docker: reader.object("dockerVolumeConfiguration", (each) =>
      defined({
        scope: each.text("scope"),
        autoprovision: each.flag("autoprovision"),
        driver: each.text("driver"),
        driverOptions: each.map("driverOpts"),
        labels: each.map("labels"),
      }),
    ),
    ...reader.object("efsVolumeConfiguration", readEfs),
    ...reader.object("s3filesVolumeConfiguration", (each) =>
      defined({
        s3files: each.text("fileSystemArn"),
        rootDirectory: each.text("rootDirectory"),
        transitEncryptionPort: each.number("transitEncryptionPort"),
        accessPoint: each.text("accessPointArn"),
      }),
    ),
    // Its size is the service's: the chain requires it.
    ebs: isAtLaunch ? {} : undefined,
  });
  return { name: name ?? "", options };
}

function readEfs(reader: JsonReader): Readonly<Record<string, unknown>> {
  const authorization = reader.object("authorizationConfig", (each) => ({
    accessPoint: each.text("accessPointId"),
    iam: each.text("iam") === "ENABLED",
  }));
  return defined({
    efs: reader.text("fileSystemId"),
    rootDirectory: reader.text("rootDirectory"),
    // ECS's default is another one than the chain's.
    transitEncryption: reader.text("transitEncryption") === "ENABLED",
    transitEncryptionPort: reader.number("transitEncryptionPort"),
    accessPoint: authorization?.accessPoint,
    iam: authorization?.iam,
  });
}
