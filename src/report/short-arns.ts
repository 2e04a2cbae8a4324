const ARN = /arn:aws[\w-]*:[\w-]+:[\w-]*:\d*:[^\s,;()"'<>]+/g;
const TASK_ID = /\b([0-9a-f]{8})[0-9a-f]{24}\b/g;
/** The ID that AWS appends to the names of load balancers, target groups, listeners and rules. */
const ELB_ID = /^[0-9a-f]{16}$/;

/** A text with the names of resources instead of their ARNs, and the first eight digits of task IDs. */
export const shortArns = (text: string): string => text.replace(ARN, shortArn).replace(TASK_ID, "$1");

function shortArn(arn: string): string {
  // The dot that ends a sentence is not part of it.
  const [, whole = arn, end = ""] = /^(.*?)([.:]*)$/.exec(arn) ?? [];
  const parts = whole.split(":").slice(5).join(":").split("/");
  const named = parts.filter((part) => !ELB_ID.test(part));
  return `${(named.length > 1 || parts.length === 1 ? named : parts).at(-1) ?? whole}${end}`;
}
