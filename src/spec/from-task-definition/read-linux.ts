import { defined } from "./defined.js";
import type { JsonReader } from "./json-reader.js";

/** The fields of a container for what the kernel gives it. */
export function readLinux(reader: JsonReader): Readonly<Record<string, unknown>> {
  return {
    ulimits: reader.named("ulimits", "name", (each) => ({
      soft: each.number("softLimit"),
      hard: each.number("hardLimit"),
    })),
    systemControls: reader.named("systemControls", "namespace", (each) => each.text("value") ?? ""),
    gpus: gpus(reader),
    ...reader.object("linuxParameters", readParameters),
  };
}

function readParameters(reader: JsonReader): Readonly<Record<string, unknown>> {
  const devices = reader.list("devices", (each) =>
    defined({
      hostPath: each.text("hostPath"),
      containerPath: each.text("containerPath"),
      permissions: each.texts("permissions"),
    }),
  );
  return {
    capabilities: reader.object("capabilities", (each) =>
      defined({ add: each.texts("add"), drop: each.texts("drop") }),
    ),
    devices: devices.length === 0 ? undefined : devices,
    init: reader.flag("initProcessEnabled"),
    sharedMemory: reader.number("sharedMemorySize"),
    tmpfs: reader.named("tmpfs", "containerPath", (each) =>
      defined({ size: each.number("size"), mountOptions: each.texts("mountOptions") }),
    ),
    maxSwap: reader.number("maxSwap"),
    swappiness: reader.number("swappiness"),
  };
}

const OTHER_RESOURCES: Readonly<Record<string, string>> = {
  InferenceAccelerator: "AWS ended Elastic Inference in April 2024",
  NeuronDevice: "Neuron devices are for ECS Managed Instances",
};

function gpus(reader: JsonReader): unknown {
  const [first, second] = reader.list("resourceRequirements", (each) => {
    const type = each.text("type") ?? "";
    const value = each.text("value");
    const share = each.object("sharingStrategy", (strategy) =>
      strategy.object("nvidiaMps", (mps) =>
        defined({ memory: mps.number("memory"), computePercent: mps.number("maxComputePercent") }),
      ),
    );
    if (type !== "GPU") {
      each.issue("type", `must be GPU: ${OTHER_RESOURCES[type] ?? "ECS has no other"}`);
      return undefined;
    }
    return share ?? (value === "ALL" ? "all" : Number(value));
  });
  if (second !== undefined) reader.issue("resourceRequirements", "must contain GPU once");
  return first;
}
