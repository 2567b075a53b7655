/** What reports look like: the reader's colours, on paper black on white; nothing that is not in the file. */
export const style = `
:root { color-scheme: light dark; --text: #1b2430; --soft: #55606e; --line: #d5dae1; --page: #fff; --raised: #f5f7f9;
  --link: #0b57a8; --good: #17663a; --bad: #a61b1b; --wait: #7a4b00; }
@media (prefers-color-scheme: dark) { :root { --text: #e3e8ee; --soft: #a3afbd; --line: #38424f; --page: #14191f; --raised: #1c232b;
  --link: #7db8f5; --good: #7fd1a0; --bad: #ff9d94; --wait: #f0c274; } }
* { box-sizing: border-box; }
body { background: var(--page); color: var(--text); font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; margin: 0 auto;
  max-width: 72rem; overflow-wrap: anywhere; padding: 2rem 1.5rem 4rem; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { border-top: 1px solid var(--line); font-size: 1.25rem; margin: 2.5rem 0 .5rem; padding-top: 1.25rem; }
p { margin: .25rem 0 .75rem; max-width: 52rem; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
code { background: none; color: inherit; }
code, pre { overflow-wrap: anywhere; font: .86em/1.45 ui-monospace, "SF Mono", Consolas, "DejaVu Sans Mono", monospace; }
pre { background: var(--raised); border: 1px solid var(--line); margin: .5rem 0; max-height: 30rem; overflow: auto; padding: .75rem; white-space: pre-wrap; }
.soft { color: var(--soft); }
.lead { color: var(--soft); margin-bottom: 1rem; }
.notice { border-left: 3px solid var(--line); padding-left: .75rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; margin: 0; padding: 0; }
dl.facts { display: grid; gap: .15rem 1rem; grid-template-columns: max-content minmax(0, 1fr); margin: 1rem 0; }
dl.facts dt { color: var(--soft); }
dl.facts dd { margin: 0; }
ul.figures { display: grid; gap: .75rem; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); list-style: none; margin: 1.25rem 0; padding: 0; }
ul.figures li { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem; }
ul.figures b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; line-height: 1.2; }
ul.figures span { color: var(--soft); font-size: .9em; }
.counts { display: grid; gap: 1.5rem 2rem; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); margin-bottom: 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .92em; width: 100%; }
caption { color: var(--soft); padding: 0 0 .35rem; text-align: left; }
th, td { overflow-wrap: break-word; border-bottom: 1px solid var(--line); padding: .4rem .75rem .4rem 0; text-align: left; vertical-align: top; }
thead th { color: var(--soft); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 400; }
.number { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
.time { font-variant-numeric: tabular-nums; white-space: nowrap; }
.good, .allow { color: var(--good); }
.bad, .deny { color: var(--bad); }
.wait, .require_approval { color: var(--wait); }
.badge { border: 1px solid currentColor; border-radius: 3px; font-size: .8em; font-weight: 600; padding: 0 .35em; white-space: nowrap; }
tr:target { background: var(--raised); outline: 2px solid var(--link); }
details { border-bottom: 1px solid var(--line); padding: .4rem 0; }
summary { cursor: pointer; }
.timeline td.lane { min-width: 14rem; }
.timeline .incident { background: var(--raised); }
@page { margin: 15mm; }
@media print { :root { color-scheme: light; --text: #000; --soft: #444; --line: #bbb; --page: #fff; --raised: #fff; --link: #000; --good: #174d2e;
  --bad: #8a1212; --wait: #5e3a00; }
  body { font-size: 9.5pt; max-width: none; padding: 0; } nav { display: none; } a { text-decoration: none; } .scroll { overflow: visible; }
  h2 { break-after: avoid; } tr, ul.figures, dl.facts { break-inside: avoid; } thead { display: table-header-group; }
  pre { max-height: none; overflow: visible; } .timeline td.lane { min-width: 0; } }
`;
