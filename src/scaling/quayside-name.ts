/*
 * Scaling policies and scheduled actions cannot have tags. They belong to a resource that can, a scalable
 * target or an Auto Scaling group, and this prefix marks those that quayside created.
 */
const PREFIX = "quayside-";

export const quaysideName = (name: string): string => `${PREFIX}${name}`;

export const isQuaysideName = (name: string | undefined): boolean => name?.startsWith(PREFIX) ?? false;
