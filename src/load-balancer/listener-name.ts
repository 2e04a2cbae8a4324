/** The node name of a listener: `conferenceAlb:80`. */
export const listenerName = (loadBalancer: string, port: number): string => `${loadBalancer}:${port}`;
