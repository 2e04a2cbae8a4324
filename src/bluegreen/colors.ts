import { QuaysideError, type ErrorDetails } from "../errors.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { RouteSpec } from "../spec/route.js";
import { deriveName } from "../spec/derive-name.js";
import { ECS_NAME, TARGET_GROUP_NAME } from "../spec/names.js";

export type Color = "blue" | "green";

export const COLORS: readonly Color[] = ["blue", "green"];

/** The tag of a color's service with its release number, counted from 1: the higher one is the new version. */
export const RELEASE_TAG = "quayside:release";

/** The tag of a color's service with the seconds for which `keepOld` keeps the version before it. */
export const KEEP_OLD_TAG = "quayside:keep-old";

/** The end of the names of a color's service and target group. */
export const colorSuffix = /-(?:blue|green)$/;

export const otherColor = (color: Color): Color => (color === "blue" ? "green" : "blue");

/** A blue/green deployment: it has a route and release settings. */
export type BlueGreenDeployment = DeploymentSpec & {
  readonly route: RouteSpec;
  readonly blueGreen: NonNullable<DeploymentSpec["blueGreen"]>;
};

export const colorService = ({ service }: DeploymentSpec, color: Color): string =>
  deriveName(ECS_NAME, service.name, `-${color}`);

export const colorTargetGroup = ({ route }: Pick<DeploymentSpec, "route">, color: Color): string =>
  deriveName(TARGET_GROUP_NAME, route!.targetGroup, `-${color}`);

/** The deployment as one of its two services: `talk-service-blue` behind its own target group. */
export function inColor(spec: DeploymentSpec, color: Color): DeploymentSpec {
  return {
    ...spec,
    service: { ...spec.service, name: colorService(spec, color) },
    route: { ...spec.route!, targetGroup: colorTargetGroup(spec, color) },
    ...(spec.furtherRoutes && {
      furtherRoutes: spec.furtherRoutes.map((route) => ({
        ...route,
        targetGroup: colorTargetGroup({ route }, color),
      })),
    }),
  };
}

/** The codes of a release's errors. They never change. */
export type ReleaseCode =
  /** The new color failed a check: all traffic is back on the old one. */
  | "release-taken-back"
  /** The new color failed a check, and the traffic could not be shifted back. */
  | "release-not-taken-back"
  /** Another process has shifted the traffic since it was read. */
  | "release-moved"
  /** Another run changes the same color at this moment. */
  | "another-run"
  /** The color that the operation needs does not exist. */
  | "no-release"
  /** The color that is to get the traffic cannot receive it. */
  | "color-not-ready"
  /** The color still gets traffic, or a shift is in progress. */
  | "release-in-progress";

export const releaseError = (code: ReleaseCode, message: string, details: ErrorDetails): QuaysideError =>
  new QuaysideError(code, message, details);
