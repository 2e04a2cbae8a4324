import { type ErrorDetails, QuaysideError } from "../errors.js";
import type { DeploymentSpec, RouteSpec } from "../spec/deployment-spec.js";
import { fitName } from "../spec/derive-name.js";
import { ECS_NAME, TARGET_GROUP_NAME } from "../spec/names.js";

export type Colour = "blue" | "green";

export const COLOURS: readonly Colour[] = ["blue", "green"];

/** On a colour's service: which release it is, counted up from 1. The higher one is the new version. */
export const RELEASE_TAG = "quayside:release";

export const otherColour = (colour: Colour): Colour => (colour === "blue" ? "green" : "blue");

/** A blue/green deployment: its route and what it says of releases are there. */
export type BlueGreenDeployment = DeploymentSpec & {
  readonly route: RouteSpec;
  readonly blueGreen: NonNullable<DeploymentSpec["blueGreen"]>;
};

export const colourService = ({ service }: DeploymentSpec, colour: Colour): string =>
  fitName(ECS_NAME, service.name, `-${colour}`);

export const colourTargetGroup = ({ route }: DeploymentSpec, colour: Colour): string =>
  fitName(TARGET_GROUP_NAME, route!.targetGroup, `-${colour}`);

/** The deployment as one of its two services: `talk-service-blue` behind its own target group. */
export function inColour(spec: DeploymentSpec, colour: Colour): DeploymentSpec {
  return {
    ...spec,
    service: { ...spec.service, name: colourService(spec, colour) },
    route: { ...spec.route!, targetGroup: colourTargetGroup(spec, colour) },
  };
}
/** Codes of what can go wrong with a release; each stays what it means. */

export type ReleaseCode =
  /** The new colour was not good enough: all requests are back on the old one. */
  | "release-taken-back"
  /** Worse: the requests could not be taken back. */
  | "release-not-taken-back"
  /** Another process has moved the requests since they were looked at. */
  | "release-moved"
  /** There is no colour to do that with. */
  | "no-release"
  /** The colour that shall get the requests cannot take them. */
  | "colour-not-ready"
  /** The colour still has requests, or a shift is under way. */
  | "release-in-progress";

export const releaseError = (code: ReleaseCode, message: string, details: ErrorDetails): QuaysideError =>
  new QuaysideError(code, message, details);
