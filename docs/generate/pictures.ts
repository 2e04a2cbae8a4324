import { Cluster, Deployment, LoadBalancer, type Plan, type QuaysideEvent } from "quayside";
import { localCloud } from "quayside/local";
import { shape, svg, text, THEMES, type Theme } from "./svg.js";

/** The pictures of the pages, each for a light and a dark page: drawn from runs on the local cloud. */
export async function pictures(): Promise<Readonly<Record<string, string>>> {
  await using cloud = localCloud({ clock: "virtual" });
  const talk = new Deployment("talk-service")
    .image("registry.example.com/talk-service:1")
    .container({ port: 8080, cpu: 128, memoryReservation: 128 })
    .service({ desired: 2 })
    .cluster(new Cluster("conference-cluster").ec2({ instanceType: "t3.micro" }))
    .behindAlb(new LoadBalancer("conferenceAlb").http(80), { path: "/talk*", healthCheck: "/health" })
    .on(cloud);
  const plan = await talk.plan();
  const deploy: QuaysideEvent[] = [];
  await talk.deploy({ onEvent: (event) => deploy.push(event) });
  await talk.destroy();

  const colored = talk.blueGreen({ shift: [10, 50, 100], every: "5m", keepOld: "1h" });
  await colored.deploy();
  const release: QuaysideEvent[] = [];
  await colored
    .image("registry.example.com/talk-service:2")
    .deploy({ onEvent: (event) => release.push(event) });

  const drawn: Record<string, string> = {};
  for (const [name, theme] of Object.entries(THEMES)) {
    drawn[`public/pictures/resources-${name}.svg`] = resources(plan, theme);
    drawn[`public/pictures/deploy-${name}.svg`] = timeline(deploy, theme);
    drawn[`public/pictures/colors-${name}.svg`] = traffic(release, theme);
  }
  return drawn;
}

/** Where a resource belongs in the picture of what quayside creates. */
const GROUPS: readonly (readonly [string, readonly string[]])[] = [
  ["Load balancer", ["security-group", "load-balancer", "listener", "listener-rule", "target-group"]],
  ["Service", ["service", "task-definition", "log-group", "iam-role"]],
  [
    "Cluster",
    ["cluster", "capacity-provider", "auto-scaling-group", "launch-template", "instance-profile", "iam-role"],
  ],
];

/** What a plan creates, by its owner. */
function resources(plan: Plan, theme: Theme): string {
  const found = plan.changes.filter(({ action }) => action === "create");
  const isOf = (title: string, { resource, name }: { resource: string; name: string }): boolean =>
    title === "Load balancer"
      ? name.startsWith("conferenceAlb") || resource === "target-group"
      : title === "Cluster"
        ? name.startsWith("conference-cluster")
        : name.startsWith("talk-service");
  const columns = GROUPS.map(([title, kinds]) => ({
    title,
    rows: found.filter(
      (change) =>
        kinds.includes(change.resource) && isOf(title, change) && !/rule$/.test(change.resource + title),
    ),
  }));
  const width = 250;
  const rowHeight = 46;
  const most = Math.max(...columns.map(({ rows }) => rows.length));
  const height = 96 + most * rowHeight;
  const content = columns.flatMap(({ title, rows }, column) => {
    const x = 10 + column * (width + 30);
    return [
      shape("rect", { x, y: 10, width, height: height - 20, rx: 8, fill: theme.panel, stroke: theme.line }),
      text(x + 16, 36, title, { fill: theme.accent, "font-weight": 600, "font-size": 15 }),
      ...rows.flatMap(({ resource, name }, row) => [
        text(x + 16, 66 + row * rowHeight, short(name, 29), { fill: theme.text, "font-weight": 600 }),
        text(x + 16, 83 + row * rowHeight, resource, { fill: theme.muted, "font-size": 12 }),
      ]),
    ];
  });
  const arrows = [0, 1].map((column) => {
    const x = 10 + width + column * (width + 30);
    return shape("path", {
      d: `M${x + 3} 31 h18 m-6 -5 l6 5 l-6 5`,
      stroke: theme.accent,
      "stroke-width": 2,
      fill: "none",
    });
  });
  return svg(columns.length * (width + 30) - 10, height, "What quayside creates for one service", [
    ...content,
    ...arrows,
  ]);
}

/** The steps of a deploy in time: created in the dark part of a bar, ready at its end. */
function timeline(events: readonly QuaysideEvent[], theme: Theme): string {
  const start = events[0]?.at ?? 0;
  const rows = new Map<string, { began: number; created?: number; ready?: number }>();
  for (const event of events) {
    const at = (event.at - start) / 1000;
    if (event.type === "started") rows.set(`${event.resource} ${event.name}`, { began: at });
    if (event.type === "finished")
      Object.assign(rows.get(`${event.resource} ${event.name}`) ?? {}, { created: at });
    if (event.type === "ready")
      Object.assign(rows.get(`${event.resource} ${event.name}`) ?? {}, { ready: at });
    if (event.type === "rollout") {
      const row = rows.get("rollout") ?? { began: at };
      rows.set("rollout", { ...row, created: row.began, ready: at });
    }
  }
  const end = Math.max(1, ...events.map((event) => (event.at - start) / 1000));
  const left = 330;
  const scale = (seconds: number): number => left + (seconds / end) * 460;
  const height = 64 + rows.size * 22;
  const grid = Array.from({ length: Math.floor(end / 30) + 1 }, (_, index) => index * 30);
  return svg(820, height, "The steps of a deploy in time", [
    ...grid.flatMap((seconds) => [
      shape("line", {
        x1: scale(seconds),
        y1: 30,
        x2: scale(seconds),
        y2: height - 14,
        stroke: theme.line,
        "stroke-dasharray": "2 4",
      }),
      text(scale(seconds), 20, seconds === 0 ? "0 s" : clock(seconds), {
        fill: theme.muted,
        "text-anchor": "middle",
        "font-size": 11,
      }),
    ]),
    ...[...rows].flatMap(([name, { began, created = end, ready }], index) => {
      const y = 38 + index * 22;
      const bar = (from: number, to: number, fill: string, opacity: number): string =>
        shape("rect", {
          x: scale(from),
          y,
          width: Math.max(3, scale(to) - scale(from)),
          height: 12,
          rx: 3,
          fill,
          opacity,
        });
      return [
        text(left - 12, y + 10, short(name, 44), {
          fill: theme.text,
          "text-anchor": "end",
          "font-size": 12,
        }),
        ...(ready === undefined ? [] : [bar(created, ready, theme.accent, 0.45)]),
        bar(began, created, theme.blue, 1),
      ];
    }),
  ]);
}

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** The share of the traffic that each color has during a release. */
function traffic(events: readonly QuaysideEvent[], theme: Theme): string {
  const start = events[0]?.at ?? 0;
  const shifts = events.flatMap((event) =>
    event.type === "traffic" ? [{ at: event.at - start, green: event.weights.green }] : [],
  );
  const end = Math.max(...events.map((event) => event.at - start)) + 60_000;
  const [left, top, width, height] = [60, 20, 700, 200];
  const x = (at: number): number => left + (at / end) * width;
  const y = (percent: number): number => top + height - (percent / 100) * height;
  const points = [{ at: 0, green: 0 }, ...shifts];
  const steps = points
    .map(
      ({ at, green }, index) => `H${x(at)} V${y(green)}${index === points.length - 1 ? ` H${x(end)}` : ""}`,
    )
    .join(" ");
  return svg(780, 270, "The share of the traffic of both colors during a release", [
    shape("rect", { x: left, y: top, width, height, fill: theme.blue, opacity: 0.75 }),
    shape("path", { d: `M${left} ${top + height} ${steps} V${top + height} Z`, fill: theme.green }),
    text(left + 16, top + 28, "blue: the old version", { fill: "#ffffff", "font-weight": 600 }),
    text(left + width - 16, top + height - 16, "green: the new version", {
      fill: theme === THEMES.dark ? "#052e16" : "#ffffff",
      "font-weight": 600,
      "text-anchor": "end",
    }),
    ...[0, 50, 100].map((percent) =>
      text(left - 10, y(percent) + 4, `${percent} %`, { fill: theme.muted, "text-anchor": "end" }),
    ),
    ...shifts.flatMap(({ at, green }) => [
      shape("line", { x1: x(at), y1: top + height, x2: x(at), y2: top + height + 6, stroke: theme.line }),
      text(x(at), top + height + 22, `${green} % at ${clock(Math.round(at / 1000))}`, {
        fill: theme.muted,
        "text-anchor": "middle",
        "font-size": 12,
      }),
    ]),
  ]);
}

const short = (name: string, most: number): string =>
  name.length <= most ? name : `${name.slice(0, most - 1)}…`;
