/**
 * Returns `--env NAME` or `--build-arg NAME` for each value, and the environment that holds the values: other
 * users of the computer can see arguments in the process list. A name that has a meaning to Docker itself, or
 * that this process already uses, has to be an argument.
 */
export function namedValues(
  flag: string,
  values: Readonly<Record<string, string>>,
): { readonly args: string[]; readonly env: Record<string, string> } {
  const args: string[] = [];
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    const isTaken = name in process.env || /^(DOCKER|BUILDX|BUILDKIT|COMPOSE)_/.test(name);
    args.push(flag, isTaken ? `${name}=${value}` : name);
    if (!isTaken) env[name] = value;
  }
  return { args, env };
}
