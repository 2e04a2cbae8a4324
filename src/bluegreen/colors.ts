import { QuaysideError, type ErrorDetails } from "../errors.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { RouteSpec } from "../spec/route.js";
import { deriveName } from "../spec/derive-name.js";
import { ECS_NAME, TARGET_GROUP_NAME } from "../spec/names.js";

export type Color = "blue" | "green";

export const COLORS: readonly Color[] = ["blue", "green"];

/** On a color's service: which release it is, counted up from 1. The higher one is the new version. */
export const RELEASE_TAG = "quayside:release";

export const otherColor = (color: Color): Color => (color === "blue" ? "green" : "blue");

/** A blue/green deployment: its route and what it says of releases are there. */
export type BlueGreenDeployment = DeploymentSpec & {
  readonly route: RouteSpec;
  readonly blueGreen: NonNullable<DeploymentSpec["blueGreen"]>;
};

export const colorService = ({ service }: DeploymentSpec, color: Color): string =>
  deriveName(ECS_NAME, service.name, `-${color}`);

export const colorTargetGroup = ({ route }: DeploymentSpec, color: Color): string =>
  deriveName(TARGET_GROUP_NAME, route!.targetGroup, `-${color}`);

/** The deployment as one of its two services: `talk-service-blue` behind its own target group. */
export function inColor(spec: DeploymentSpec, color: Color): DeploymentSpec {
  return {
    ...spec,
    service: { ...spec.service, name: colorService(spec, color) },
    route: { ...spec.route!, targetGroup: colorTargetGroup(spec, color) },
  };
}
/** Codes of what can go wrong with a release; each stays what it means. */

export type ReleaseCode =
  /** The new color was not good enough: all requests are back on the old one. */
  | "release-taken-back"
  /** Worse: the requests could not be taken back. */
  | "release-not-taken-back"
  /** Another process has moved the requests since they were looked at. */
  | "release-moved"
  /** There is no color to do that with. */
  | "no-release"
  /** The color that shall get the requests cannot take them. */
  | "color-not-ready"
  /** The color still has requests, or a shift is under way. */
  | "release-in-progress";

export const releaseError = (code: ReleaseCode, message: string, details: ErrorDetails): QuaysideError =>
  new QuaysideError(code, message, details);
