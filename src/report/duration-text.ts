/** Seconds in a readable form: `0.3 s`, `12 s`, `2 min 4 s`. */
export function durationText(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${rounded} s`;
  const [minutes, rest] = [Math.floor(rounded / 60), rounded % 60];
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}
