/** A resource on a timeline, as the browser has it. Times are seconds since the start of the run. */
export interface DrawnRow {
  readonly resource: string;
  readonly name: string;
  readonly action: string;
  readonly start: number;
  readonly end: number;
  readonly isCritical: boolean;
}

/** The runs of a timeline's document, each with its rows. */
export function runsOf(dom: string): { readonly seconds: number; readonly rows: DrawnRow[] }[] {
  return dom
    .split('<section class="run"')
    .slice(1)
    .map((section) => ({
      seconds: Number(/data-seconds="([\d.]+)"/.exec(section)![1]),
      rows: [...section.matchAll(/<g\s+class="row([^"]*)"([^>]*)>/g)].map(([, classes, attributes]) => {
        const value = (name: string) => new RegExp(`data-${name}="([^"]*)"`).exec(attributes!)![1]!;
        return {
          resource: value("resource"),
          name: value("name"),
          action: value("action"),
          start: Number(value("start")),
          end: Number(value("end")),
          isCritical: classes!.includes("critical"),
        };
      }),
    }));
}

/** The values of the lines of a chart: name of the line -> values in their order. */
export function seriesOf(dom: string, title: string | RegExp): Record<string, number[]> {
  const chart = dom
    .split("<svg")
    .find((each) => new RegExp(title).test(/data-chart="([^"]*)"/.exec(each)?.[1] ?? "\n"));
  return Object.fromEntries(
    [...(chart ?? "").matchAll(/data-series="([^"]*)"\s+data-values="([^"]*)"/g)].map(([, name, values]) => [
      name!,
      values!.split(" ").map(Number),
    ]),
  );
}
