/** The report's style sheet: light and dark by variables, one column, tables that scroll by themselves, and print. */
export const css = `
:root {
  color-scheme: light dark;
  --page: #f7f8fa; --card: #ffffff; --ink: #1b2130; --soft: #535d6e; --rule: #e2e6ec; --strong-rule: #b9c1cd;
  --link: #1f5fa8; --focus: #1f5fa8; --badge: #eef1f5;
  --c0: #1f5fa8; --c1: #17704e; --c2: #b3440a; --c3: #5b3fa0; --c4: #a3195b; --c5: #5c6370; --c6: #7a5a00; --c7: #0f6f7c;
  --on-fill: #ffffff; --stripe: rgb(255 255 255 / 0.55);
  --good: #17704e; --bad: #a61b1b; --warn: #8a4b00;
  --fulfilled: 46 132 88; --rejected: 196 140 60; --stuck: 200 60 60; --inconsistent: 150 50 150;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #10141b; --card: #171c25; --ink: #e8ebf1; --soft: #a7b0bf; --rule: #2a313d; --strong-rule: #4a5464;
    --link: #8fc0f5; --focus: #8fc0f5; --badge: #232a36;
    --c0: #7db4f0; --c1: #5cc8a4; --c2: #f39a68; --c3: #bda7f5; --c4: #f08ab5; --c5: #a9b0bb; --c6: #d9b44a; --c7: #5fc3d1;
    --on-fill: #10141b; --stripe: rgb(16 20 27 / 0.5);
    --good: #6fd0a5; --bad: #ff9c94; --warn: #f0b871;
    --fulfilled: 70 160 110; --rejected: 176 128 60; --stuck: 214 72 72; --inconsistent: 170 80 190;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
header, nav, main, footer { max-width: 1120px; margin: 0 auto; padding: 0 16px; }
h1 { font-size: 30px; line-height: 1.2; margin: 32px 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 21px; line-height: 1.3; margin: 0 0 10px; }
h3 { font-size: 16px; margin: 22px 0 6px; }
p, li { max-width: 78ch; overflow-wrap: anywhere; }
p { margin: 0 0 12px; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 16px; top: 8px; background: var(--card); padding: 6px 10px; z-index: 1; }
.subtitle { color: var(--soft); font-size: 17px; margin-bottom: 14px; }
.badge { display: inline-block; background: var(--badge); border: 1px solid var(--strong-rule); border-radius: 999px; padding: 0 10px; font-size: 13px; font-weight: 600; }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px 18px; margin: 14px 0; font-size: 14px; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
pre { background: var(--badge); border: 1px solid var(--rule); border-radius: 6px; padding: 10px 12px; margin: 0 0 12px; white-space: pre-wrap; overflow-wrap: anywhere; font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
header > details { margin: 4px 0 16px; }
.brief { color: var(--soft); font-size: 14px; margin: -6px 0 0; }
header section { padding: 14px 0 0; }
header h2 { font-size: 17px; margin: 0 0 2px; }
header .plain { font-size: 14px; color: var(--soft); }
header p, header .plain li { max-width: 110ch; }
.glance { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 236px), 1fr)); gap: 12px; margin: 8px 0 12px; }
.glance .card { margin: 0; padding: 11px 12px; }
.glance figcaption { font-size: 14.5px; margin-bottom: 6px; }
.bars { list-style: none; padding: 0; margin: 0; font-size: 12.5px; }
.bars li { display: flex; flex-wrap: wrap; gap: 0 6px; margin-bottom: 7px; max-width: none; }
.bars .what { margin-left: auto; font-weight: 650; font-variant-numeric: tabular-nums; text-align: right; }
.track { flex: 0 0 100%; position: relative; height: 9px; background: var(--badge); border-radius: 3px; }
.bar, .mark { position: absolute; top: 0; height: 100%; background: currentColor; }
.bar { left: 0; border-radius: 3px; }
.mark { width: 3px; margin-left: -3px; }
nav ol { display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 10px 0; margin: 0; list-style: none; border-block: 1px solid var(--rule); font-size: 14px; }
section { padding: 30px 0 6px; }
section + section { border-top: 1px solid var(--rule); }
.plain { padding-left: 22px; margin: 0 0 12px; }
.plain li { margin-bottom: 5px; }
.plain .plain { margin: 3px 0 8px; }
.plain .plain li { margin-bottom: 2px; }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 16px 18px; margin: 14px 0; }
figcaption { font-weight: 650; font-size: 16px; margin-bottom: 8px; overflow-wrap: anywhere; }
.note { display: block; color: var(--soft); font-weight: 400; font-size: 13px; }
.card svg { display: block; max-width: 100%; height: auto; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 20px; padding: 0; margin: 0 0 10px; list-style: none; font-size: 13px; color: var(--soft); }
.legend li { display: flex; gap: 8px; align-items: center; min-width: 0; max-width: 100%; }
.legend span { min-width: 0; overflow-wrap: anywhere; color: var(--soft); }
.legend svg { flex: none; }
.legend strong { color: var(--ink); }
.narrow { display: none; }
.narrow svg { width: 100%; max-width: 480px; }
.multiples { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 290px), 1fr)); gap: 18px 24px; }
.multiples svg { width: 100%; max-width: 420px; }
.plot-title { margin: 0 0 4px; font-size: 13px; color: var(--soft); }
.plot-title strong { color: var(--ink); }
@media (max-width: 800px) { .wide { display: none; } .narrow { display: block; } }
svg text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: var(--ink); }
svg .tick, svg .axis { fill: var(--soft); }
svg .name, svg .bar-head { font-weight: 650; }
svg .bar-head { font-size: 13px; }
svg .on-fill { fill: var(--on-fill); }
.grid { stroke: var(--rule); fill: none; }
.guide { stroke: var(--strong-rule); stroke-dasharray: 2 4; fill: none; }
.curve { fill: none; stroke: currentColor; stroke-width: 2.2; stroke-linejoin: round; }
.leader { fill: none; stroke: currentColor; stroke-width: 1; opacity: 0.6; }
${Array.from({ length: 8 }, (_, place) => `.c${place} { color: var(--c${place}); } svg text.c${place} { fill: var(--c${place}); } .f${place} { fill: var(--c${place}); }`).join('\n')}
.stripes { stroke: var(--stripe); stroke-width: 2; fill: none; }
.scroll { overflow-x: auto; margin: 0 0 16px; }
.flow svg { max-width: max(100%, 900px); height: auto; margin: 0 auto; }
.node rect { fill: var(--card); stroke: var(--strong-rule); stroke-width: 1.3; }
.node.n-start rect, .node.n-end rect { fill: var(--badge); }
.node.n-conductor rect, .node.n-bus rect { stroke: var(--c0); stroke-width: 2.4; }
.node.n-bus rect { stroke: var(--c2); }
.node.n-queue rect { stroke-dasharray: 6 3; }
.node.n-view rect { stroke-dasharray: 2 3; }
.edge { color: var(--soft); }
.edge .shaft { fill: none; stroke: currentColor; stroke-width: 1.4; }
.edge .head { fill: currentColor; stroke: none; }
.edge text { font-size: 11px; fill: var(--soft); paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
.e-command { color: var(--c0); } .e-command .shaft { stroke-width: 2; }
.e-event { color: var(--c2); } .e-event .shaft { stroke-dasharray: 6 3; }
.e-catch { color: var(--c4); } .e-catch .shaft { stroke-dasharray: 2 3; }
table { border-collapse: collapse; font-size: 13.5px; min-width: min(100%, 420px); }
caption { text-align: left; font-weight: 650; padding: 6px 0; }
caption span { display: inline-block; position: sticky; left: 0; max-width: min(100%, calc(100vw - 40px)); overflow-wrap: anywhere; }
th, td { padding: 5px 12px 5px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
thead th { color: var(--soft); font-weight: 600; vertical-align: bottom; border-bottom-color: var(--strong-rule); }
tbody th { font-weight: 600; overflow-wrap: anywhere; min-width: 12em; max-width: 26em; }
tbody th:first-child:not(.group) { position: sticky; left: 0; background: var(--page); }
details tbody th:first-child:not(.group) { background: var(--card); }
td { overflow-wrap: anywhere; min-width: 9em; max-width: 34em; }
td.slim { min-width: 5.2em; }
th.num, td.num { min-width: 0; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; overflow-wrap: normal; }
thead th.num { white-space: normal; min-width: 4.6em; }
thead th[scope="colgroup"] { text-align: center; color: var(--ink); border-left: 8px solid transparent; background-clip: padding-box; }
tbody th.group { padding-top: 12px; color: var(--soft); max-width: none; }
.good { color: var(--good); } .bad { color: var(--bad); font-weight: 650; } .warn { color: var(--warn); } .quiet { color: var(--soft); }
td .line, th .line { display: block; }
th .quiet { font-weight: 400; }
.line a { color: inherit; }
.anchor { scroll-margin-top: 3em; }
.matrix { border-collapse: separate; border-spacing: 3px; width: 100%; }
.matrix th, .matrix td { border-bottom: 0; padding: 5px 6px; }
.matrix tbody th { min-width: 8em; }
.matrix thead th { text-align: center; font-size: 12px; padding-inline: 1px; }
.matrix thead th[scope="colgroup"] { font-size: 13.5px; }
.matrix thead th:first-child { text-align: left; }
.matrix tbody td { text-align: center; border-radius: 4px; white-space: nowrap; min-width: 4.6em; font-variant-numeric: tabular-nums; background: rgb(var(--shade, 128 128 128) / var(--a, 0.06)); }
.matrix .small { display: block; font-size: 12px; }
.matrix .none { color: var(--soft); }
.fulfilled { --shade: var(--fulfilled); } .rejected { --shade: var(--rejected); } .stuck { --shade: var(--stuck); } .inconsistent { --shade: var(--inconsistent); }
.matrix tbody .s0 { --shade: 128 128 128; } .s1 { --a: 0.16; } .s2 { --a: 0.26; } .s3 { --a: 0.36; } .s4 { --a: 0.45; }
details { border: 1px solid var(--rule); border-radius: 8px; background: var(--card); margin: 0 0 12px; padding: 0 14px; }
summary { cursor: pointer; padding: 9px 0; font-weight: 600; overflow-wrap: anywhere; }
footer { color: var(--soft); font-size: 13px; padding-block: 24px 48px; }
@media (max-width: 560px) {
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .facts dd { margin-bottom: 6px; }
  h1 { font-size: 25px; }
  .card { padding: 12px; }
  tbody th { min-width: 9.5em; }
  th .line + .line { display: none; }
}
@media screen and (max-width: 720px) {
  .stacked thead, .flowing thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .stacked, .stacked tbody, .stacked tr, .stacked th, .stacked td, .flowing, .flowing tbody, .flowing tr, .stacked caption, .flowing caption { display: block; min-width: 0; max-width: none; }
  .stacked tbody th, .stacked td { border: 0; padding: 2px 0; }
  .stacked tbody th:first-child, .flowing tbody th:first-child { position: static; }
  .stacked th .line + .line { display: block; }
  .stacked tr, .flowing tr { border-bottom: 1px solid var(--rule); padding: 6px 0; }
  .stacked td { padding-left: 12px; }
  .stacked td::before { content: attr(data-column); display: block; color: var(--soft); font-size: 12.5px; }
  .flowing tbody th, .flowing td { display: inline; border: 0; padding: 0; white-space: normal; text-align: left; }
  .flowing td:not(:empty)::before { content: " · "; color: var(--soft); font-weight: 400; }
}
@media print {
  :root { --page: #ffffff; --badge: #ffffff; color-scheme: light; }
  body { font-size: 10.5pt; }
  nav, .skip { display: none; }
  section { padding-top: 14px; }
  tr, svg, .multiples > div { break-inside: avoid; }
  h2, h3, caption, figcaption, .legend, .plot-title { break-after: avoid; }
  .legend { break-inside: avoid; }
  .wide { display: block; }
  .narrow { display: none; }
  .multiples { display: block; }
  .multiples > div { display: inline-block; width: 48%; vertical-align: top; margin-bottom: 10px; }
  tbody th:first-child:not(.group) { position: static; }
  .scroll { overflow: visible; }
  .flow svg { max-width: 100%; max-height: 230mm; }
  table { font-size: 8.5pt; }
  details { border: 0; padding: 0; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .fill, .matrix td, .bar, .mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`
