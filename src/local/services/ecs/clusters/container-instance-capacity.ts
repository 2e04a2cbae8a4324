import { instanceTypesTable } from "../../ec2/instance-types-table.js";

/** The operating system and the agent use the rest: a t2.micro registers 957 of its 1,024 MiB. */
const registeredShare = 0.935;

/** CPU units and MiB that an instance of a type registers with its cluster. */
export function capacityOf(instanceType: string): { readonly cpu: number; readonly memory: number } {
  const { vcpus, memory } = instanceTypesTable.get(instanceType) ?? { vcpus: 1, memory: 1024 };
  return { cpu: vcpus * 1024, memory: Math.floor(memory * registeredShare) };
}
