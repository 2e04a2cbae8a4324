/** Parameters such as `Tags.member.1.Key` as a tree. */
export interface QueryNode {
  value: string | undefined;
  readonly children: Map<string, QueryNode>;
}

const emptyNode = (): QueryNode => ({ value: undefined, children: new Map() });

export function queryTree(parameters: URLSearchParams): QueryNode {
  const root = emptyNode();
  for (const [name, value] of parameters) {
    let node = root;
    for (const part of name.split(".")) {
      const child = node.children.get(part) ?? emptyNode();
      node.children.set(part, child);
      node = child;
    }
    node.value = value;
  }
  return root;
}

/** The children with numbers as names, in their order. */
export const numbered = (node: QueryNode): QueryNode[] =>
  [...node.children]
    .filter(([name]) => /^\d+$/.test(name))
    .sort(([one], [other]) => Number(one) - Number(other))
    .map(([, child]) => child);
