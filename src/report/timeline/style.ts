/** The style of the page, light and dark. It needs nothing from any network. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fff; --ink: #1f2328; --soft: #59636e; --grid: #e4e7eb; --call: #2f6fde; --wait: #a9c7f7;
  --delete: #8250df; --bad: #cf222e; --critical: #bc4c00; --blue: #2f6fde; --green: #1a7f37; --amber: #9a6700;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #0d1117; --ink: #e6edf3; --soft: #9198a1; --grid: #262c36; --call: #4c8dff; --wait: #1f3f75;
    --delete: #a371f7; --bad: #ff7b72; --critical: #f0883e; --blue: #4c8dff; --green: #3fb950; --amber: #d29922;
  }
}
body { margin: 0 auto; padding: 24px 16px; max-width: 1200px; background: var(--paper); color: var(--ink);
  font: 14px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { font-size: 20px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 28px 0 4px; } h3 { font-size: 14px; margin: 16px 0 4px; }
p { margin: 2px 0 8px; } .soft { color: var(--soft); } .bad { color: var(--bad); } .good { color: var(--green); }
svg { display: block; width: 100%; height: auto; }
text { font-size: 11px; fill: var(--ink); }
.label { text-anchor: end; } .legend { text-anchor: end; } .took, .tick { fill: var(--soft); font-size: 10px; }
.tick { text-anchor: middle; } .most { text-anchor: end; }
.grid { stroke: var(--grid); } .base { stroke: var(--soft); }
.hit { fill: transparent; } .row:hover .hit { fill: var(--grid); opacity: .5; }
.call { fill: var(--call); } .call.delete { fill: var(--delete); } .call.none { fill: var(--soft); } .wait { fill: var(--wait); }
.failed .call, .failed .wait, .retry, .alarm { fill: var(--bad); }
.critical .call, .critical .wait { stroke: var(--critical); stroke-width: 2; } .critical .label { fill: var(--critical); font-weight: 600; }
.path { fill: none; stroke: var(--critical); stroke-width: 1; stroke-dasharray: 3 3; opacity: .7; }
.area { opacity: .3; } .line { fill: none; stroke-width: 2; }
.area.blue, .legend.blue { fill: var(--blue); } .line.blue { stroke: var(--blue); }
.area.green, .legend.green { fill: var(--green); } .line.green { stroke: var(--green); }
.area.amber, .legend.amber { fill: var(--amber); } .line.amber { stroke: var(--amber); }
.area.bad, .legend.bad { fill: var(--bad); } .line.bad { stroke: var(--bad); }
.key i { display: inline-block; width: 14px; height: 10px; border-radius: 2px; margin: 0 4px 0 12px; }
ol { margin: 0; padding-left: 24px; } li { margin: 1px 0; }
`;
