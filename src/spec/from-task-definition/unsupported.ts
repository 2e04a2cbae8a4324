/** The members of a task definition that have no word in the chain, with the reason. */
export const UNSUPPORTED: Readonly<Record<string, string>> = Object.freeze({
  proxyConfiguration:
    "has no word in the chain: AWS ended App Mesh, whose proxy it configures, on 30 September 2026; use Service Connect",
  inferenceAccelerators: "has no word in the chain: AWS ended Elastic Inference in April 2024",
  "volumes.fsxWindowsFileServerVolumeConfiguration":
    "has no word in the chain: it is for Windows containers, and quayside runs Linux containers",
});
