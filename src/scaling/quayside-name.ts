/*
 * Scaling policies and scheduled actions cannot carry tags. They live in something that does, a service's
 * scalable target or an Auto Scaling group, and there this prefix says that they are quayside's.
 */
const PREFIX = "quayside-";

export const quaysideName = (name: string): string => `${PREFIX}${name}`;

export const isQuaysideName = (name: string | undefined): boolean => name?.startsWith(PREFIX) ?? false;
