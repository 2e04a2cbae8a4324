import { ServiceError } from "../../core/service-error.js";

export const invalidParameter = (message: string): ServiceError =>
  new ServiceError("InvalidParameterException", message);

export const clientException = (message: string): ServiceError =>
  new ServiceError("ClientException", message);

export const clusterNotFound = (): ServiceError =>
  new ServiceError("ClusterNotFoundException", "Cluster not found.");

export const serviceNotFound = (): ServiceError =>
  new ServiceError("ServiceNotFoundException", "Service not found.");

export const badToken = (): ServiceError => invalidParameter("Invalid token");
