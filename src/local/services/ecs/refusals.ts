import { Refusal } from "../../core/service-error.js";

export const invalidParameter = (message: string): Refusal =>
  new Refusal("InvalidParameterException", message);

export const clientException = (message: string): Refusal => new Refusal("ClientException", message);

export const clusterNotFound = (): Refusal => new Refusal("ClusterNotFoundException", "Cluster not found.");

export const serviceNotFound = (): Refusal => new Refusal("ServiceNotFoundException", "Service not found.");

export const badToken = (): Refusal => invalidParameter("Invalid token");

/** A required member that is missing. */
export const missing = (name: string): Refusal => invalidParameter(`${name} can not be blank.`);
