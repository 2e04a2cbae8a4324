/** `"1024"`, `"1 vCPU"` or `".5 vcpu"` in CPU units; NaN for anything else. */
export function cpuUnits(text: string): number {
  const match = /^(\d*\.?\d+)\s*(vcpus?)?$/i.exec(text.trim());
  if (match === null) return NaN;
  return match[2] === undefined ? wholeNumber(match[1]) : Math.round(Number(match[1]) * 1024);
}

/** `"1024"`, `"1GB"` or `"0.5 GB"` in MiB; NaN for anything else. */
export function memoryMib(text: string): number {
  const match = /^(\d*\.?\d+)\s*(gb)?$/i.exec(text.trim());
  if (match === null) return NaN;
  return match[2] === undefined ? wholeNumber(match[1]) : Math.round(Number(match[1]) * 1024);
}

const wholeNumber = (text: string | undefined): number => (/^\d+$/.test(text ?? "") ? Number(text) : NaN);
