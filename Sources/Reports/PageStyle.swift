/// The page's look: system type, one accent, light and dark by the reader's setting.
enum PageStyle {
  /// The style sheet.
  static var css: String {
    variables + darkVariables + page + parts + scrolling + figures + series + pointing
  }

  /// The part for figures in its light colours, which are spelled out: viewers of pictures know
  /// little of style sheets.
  static var picture: String {
    variables.matches(of: /--([a-z0-9]+):(#[0-9a-f]+)/).reduce(figures + series) { css, match in
      css.replacing("var(--\(match.1))", with: match.2)
    }
  }

  private static let variables =
    """
    :root{color-scheme:light dark;--paper:#fafaf8;--card:#fff;--ink:#1c2226;--soft:#5a646b;\
    --line:#e2e4e1;--rule:#eceeea;--shade:#f2f4f0;--accent:#0b6e69;--bad:#b3261e;--warn:#8a5a00;\
    --on:#fff;--fade:#0003;\
    --c0:#0b6e69;--c1:#c2511f;--c2:#4a63b8;--c3:#a63a7b;--c4:#94701a;--c5:#2b85b8;\
    --c6:#7a4fa3;--c7:#5f6b70}
    \(HeatLevels.css(.light))

    """

  private static let darkVariables =
    """
    @media(prefers-color-scheme:dark){:root{--paper:#12171a;--card:#1a2023;--ink:#e7ebec;\
    --soft:#9ca8ae;--line:#2b3337;--rule:#262e31;--shade:#20272a;--accent:#55bfa9;--bad:#ff8a80;\
    --warn:#e8b44f;--on:#10161a;--fade:#000c;\
    --c0:#4fbfab;--c1:#f08a5d;--c2:#93a5f5;--c3:#e583bd;--c4:#d9b04c;\
    --c5:#6cbef0;--c6:#bb95e6;--c7:#a3b0b6}
    \(HeatLevels.css(.dark))}

    """

  private static let page = """
    *{box-sizing:border-box}html{-webkit-text-size-adjust:100%;scroll-padding-top:60px}
    body{margin:0;background:var(--paper);color:var(--ink);\
    font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
    main{max-width:1020px;margin:0 auto;padding:36px 24px 96px}
    nav{position:sticky;top:0;z-index:2;background:var(--paper);\
    border-bottom:1px solid var(--line);padding:12px 24px;overflow-x:auto;white-space:nowrap;\
    font-size:.9rem}
    nav a{color:var(--soft);text-decoration:none;margin-right:22px}nav a:hover{color:var(--accent)}
    nav b a{color:var(--accent)}
    h1{font-size:2.1rem;line-height:1.15;margin:.1em 0 .35em;letter-spacing:-.02em;\
    overflow-wrap:anywhere}
    h2{font-size:1.4rem;line-height:1.3;margin:0 0 .8em;letter-spacing:-.01em;\
    overflow-wrap:anywhere}
    h3{font-size:1rem;margin:0 0 .8em}section{margin-top:56px;padding-top:28px;\
    border-top:1px solid var(--line)}
    p{margin:.4em 0 1em}.over{color:var(--soft);font-size:.9rem;margin:0}
    .lead{font-size:1.18rem;line-height:1.5;max-width:44em;overflow-wrap:anywhere}
    .soft,figcaption{color:var(--soft);font-size:.88rem}
    .remark{border-left:3px solid var(--accent);padding:.1em 0 .1em .9em;max-width:46em;\
    overflow-wrap:anywhere}
    .badge{font-size:.75rem;font-weight:600;letter-spacing:0;padding:.2em .7em;border-radius:99px;\
    background:var(--shade);color:var(--soft);vertical-align:.25em}.badge.bad{color:var(--bad)}
    a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--accent);\
    outline-offset:2px}

    """

  private static let parts = """
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(145px,1fr));gap:12px;\
    margin:1.6em 0 1.2em}
    .tile,figure,.table,pre,.checks{background:var(--card);border:1px solid var(--line);\
    border-radius:12px}
    .tile{padding:14px 16px}.tile b{display:block;font-size:1.35rem;white-space:nowrap;\
    line-height:1.25;letter-spacing:-.01em;font-variant-numeric:tabular-nums}
    .tile span{display:block;color:var(--soft);font-size:.82rem;line-height:1.35;margin-top:4px;\
    overflow-wrap:anywhere}
    .grid{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:16px;margin:16px 0 28px}
    figure{margin:0;padding:20px;min-width:0}figure:only-child,.wide{grid-column:1/-1}
    figcaption{margin-top:1em;max-width:60em}.roomy,.tight{overflow-x:auto}.natural{margin:0 auto}
    .tight{display:none}svg{display:block;width:100%;height:auto}
    .table{overflow-x:auto;margin:0 0 12px}.files{font-size:.88rem;color:var(--soft);\
    overflow-wrap:anywhere}.files a{color:var(--accent)}
    table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
    th,td{padding:.6em .85em;text-align:right;border-bottom:1px solid var(--rule);\
    white-space:nowrap;font-weight:400}
    thead th{color:var(--soft);font-size:.84rem;border-bottom-color:var(--line)}
    tbody tr:last-child>*{border-bottom:0}th.say,td.say{text-align:left}
    tbody th{font-weight:600}\
    th small{display:block;color:var(--soft);font-weight:400}\
    .best{color:var(--accent);font-weight:700}
    .checks{list-style:none;padding:0;margin:0 0 16px}
    .checks li{display:flex;gap:14px;padding:12px 18px;border-bottom:1px solid var(--rule)}
    .checks li:last-child{border-bottom:0}.checks b{width:1em;flex:none;text-align:center}
    .checks strong{font-weight:600;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
    .checks span{display:block;color:var(--soft);font-size:.88rem}
    .good b{color:var(--accent)}.bad b{color:var(--bad)}.caution b{color:var(--warn)}
    details{border-bottom:1px solid var(--line)}details>*:last-child{margin-bottom:18px}
    summary{cursor:pointer;padding:11px 2px;color:var(--accent)}
    pre{padding:14px 16px;overflow-x:auto;font:.84rem/1.5 ui-monospace,SFMono-Regular,Menlo,\
    Consolas,"DejaVu Sans Mono",monospace;margin:.4em 0 1.2em}
    #repeat pre{white-space:pre-wrap;overflow-wrap:anywhere}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:10px 24px;margin:0}
    dt{font-weight:600}dd{margin:0;color:var(--soft)}
    code{font:.84rem ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;color:var(--ink);\
    overflow-wrap:anywhere}
    @media(max-width:760px){main{padding:24px 14px 64px}nav{padding:12px 14px}h1{font-size:1.7rem}\
    .grid{grid-template-columns:minmax(0,1fr)}figure{padding:14px 12px}.roomy{display:none}\
    .tight{display:block}section{margin-top:40px;padding-top:22px}\
    dl{grid-template-columns:1fr;gap:2px}dd{margin-bottom:12px}\
    .tiles{grid-template-columns:repeat(2,minmax(0,1fr));gap:10px}}
    @media print{nav{display:none}section,figure{break-inside:avoid}}

    """

  /// Boxes that scroll: a shade at the side where more is, which what is drawn last covers at the
  /// ends; the names of rows stay; wide tables use the margins of the page where it has some.
  private static let scrolling = """
    .table,pre,nav,.roomy,.tight{--under:var(--card);background:\
    linear-gradient(90deg,var(--under) 40%,transparent) 0 0/44px 100% no-repeat local,\
    linear-gradient(270deg,var(--under) 40%,transparent) 100% 0/44px 100% no-repeat local,\
    linear-gradient(90deg,var(--fade),transparent) 0 0/14px 100% no-repeat scroll,\
    linear-gradient(270deg,var(--fade),transparent) 100% 0/14px 100% no-repeat scroll,var(--under)}
    nav{--under:var(--paper)}tr>:first-child{position:sticky;left:0;background:var(--card)}
    @media(min-width:1068px){.table{width:max-content;min-width:100%;\
    max-width:min(1240px,calc(100vw - 48px));position:relative;left:50%;\
    transform:translateX(-50%)}}
    @media(max-width:760px){tbody th{white-space:normal;overflow-wrap:anywhere;min-width:104px;\
    max-width:42vw}}

    """

  /// One line among several stands out where the reader points at it.
  private static let pointing =
    "\n@media(hover:hover){"
    + (0..<8).map { place in
      "svg:has(\(line).s\(place):hover) \(line):not(.s\(place)){opacity:.18}"
    }.joined(separator: "\n") + "}\n"

  private static let line = ":is(.series,.dot,.leader,.ink)"

  private static let figures = """
    svg text{font-family:inherit;font-variant-numeric:tabular-nums}
    .label{font-size:12px;fill:var(--soft)}.cell{font-size:12.5px}.on{font-size:12px;fill:var(--on)}
    .dark{fill:var(--ink)}.strong{font-weight:700}.label.strong{fill:var(--ink);font-weight:600}
    .halo{paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}
    .own{fill:none;stroke:var(--card);stroke-width:2}
    .void{fill:none;stroke:var(--line);stroke-dasharray:3 3}
    .rule{stroke:var(--rule)}.tick,.mark{stroke:var(--soft)}.mark{stroke-width:2}
    .boundary{stroke:var(--soft);stroke-dasharray:2 3;opacity:.65}.shade{fill:var(--shade)}
    .chance{stroke:var(--soft);stroke-dasharray:7 4;stroke-width:1.25}
    .series{fill:none;stroke-width:1.75;stroke-linejoin:round;stroke-linecap:round}
    .series.thick{stroke-width:3.75}.series.again{stroke-dasharray:6 4}
    .front{fill:none;stroke:var(--soft);stroke-dasharray:7 4;stroke-width:1.5}
    .front.own{stroke-dasharray:none;stroke-width:1.25;opacity:.7}
    .leader{opacity:.55}.dot.big{stroke:var(--card);stroke-width:1.5}.bound{fill-opacity:.4}

    """

  /// A colour for each place in a series.
  private static let series = (0..<8).map { place in
    ".series.s\(place),.leader.s\(place),.front.s\(place){stroke:var(--c\(place))}"
      + ".dot.s\(place),.fill.s\(place),.ink.s\(place){fill:var(--c\(place))}"
  }.joined(separator: "\n")
}
