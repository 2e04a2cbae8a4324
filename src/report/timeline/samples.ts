import type { Chart, Span } from "./charts-svg.js";

/** The part of a service's status that is drawn over time; what `status()` returns has it. */
export interface TimelineStatus {
  readonly tasks: { readonly desired: number; readonly running: number };
  /** The number of container instances; 0 on Fargate. */
  readonly instances?: number;
  readonly scaling?:
    | {
        readonly tasks?:
          | { readonly alarms: readonly { readonly name: string; readonly state: string | undefined }[] }
          | undefined;
        readonly instances?:
          | {
              readonly desired?: number | undefined;
              readonly alarms: readonly { readonly name: string; readonly state: string | undefined }[];
            }
          | undefined;
      }
    | undefined;
}

/** A status at a moment, and the load at it. */
export interface Sample {
  readonly at: number;
  readonly status: TimelineStatus;
  /** Requests a second, or whatever the load is measured in. */
  readonly load: number | undefined;
}

/** Tasks, instances and load over time. */
export function sampleCharts(samples: readonly Sample[]): Chart[] {
  const points = (valueOf: (sample: Sample) => number | undefined) =>
    samples.flatMap((sample) => {
      const value = valueOf(sample);
      return value === undefined ? [] : [{ at: sample.at, value }];
    });
  const load = points((sample) => sample.load);
  const instances = points(({ status }) => status.instances);
  return [
    ...(load.length === 0
      ? []
      : [{ title: "load", unit: "/s", series: [{ name: "requests", color: "amber", points: load }] }]),
    {
      title: "tasks",
      series: [
        { name: "running", color: "blue", points: points(({ status }) => status.tasks.running) },
        {
          name: "desired",
          color: "green",
          isLine: true,
          points: points(({ status }) => status.tasks.desired),
        },
      ],
    },
    ...(instances.every(({ value }) => value === 0)
      ? []
      : [
          {
            title: "instances",
            series: [
              { name: "registered", color: "blue", points: instances },
              {
                name: "desired",
                color: "green",
                isLine: true,
                points: points(({ status }) => status.scaling?.instances?.desired),
              },
            ],
          },
        ]),
  ];
}

/** When which alarm was in ALARM. */
export function alarmSpans(samples: readonly Sample[]): Span[] {
  const spans: Span[] = [];
  const open = new Map<string, number>();
  for (const { at, status } of samples) {
    const { tasks, instances } = status.scaling ?? {};
    const now = new Set(
      [...(tasks?.alarms ?? []), ...(instances?.alarms ?? [])]
        .filter(({ state }) => state === "ALARM")
        .map(({ name }) => name),
    );
    for (const name of now) if (!open.has(name)) open.set(name, at);
    for (const [name, from] of open) {
      if (now.has(name)) continue;
      spans.push({ name, from, to: at });
      open.delete(name);
    }
  }
  const end = samples.at(-1)?.at ?? 0;
  return [...spans, ...[...open].map(([name, from]) => ({ name, from, to: end }))];
}
