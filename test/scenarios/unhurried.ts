/** For runs in a local cloud whose time passes a hundred times faster: minutes of AWS's are less than a busy computer needs. */
export const UNHURRIED = { timeout: "1d" } as const;
