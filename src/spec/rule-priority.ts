/** The priorities of a listener's rules. Source: Elastic Load Balancing API reference, CreateRule. */
export const PRIORITY = { min: 1, max: 50_000 };
