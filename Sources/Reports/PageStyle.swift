/// The page's look: system type, one accent, light and dark by the reader's setting.
enum PageStyle {
  /// Eight colours for tasks, methods and kinds.
  private static var palette: String {
    (0..<8).map { index in
      ".series.s\(index){stroke:var(--c\(index))}"
        + ".dot.s\(index),.fill.s\(index),.ink.s\(index){fill:var(--c\(index))}"
    }.joined()
  }

  static let css = """
    :root{--paper:#fbfbf9;--card:#fff;--ink:#1d2327;--soft:#5c666d;--line:#e3e5e2;--accent:#0b6e69;
    --shade:#f1f3ef;--c0:#0b6e69;--c1:#c4572b;--c2:#5660b5;--c3:#a8437f;--c4:#7a8a1f;--c5:#2f86c1;
    --c6:#a5741b;--c7:#66737b}
    @media(prefers-color-scheme:dark){:root{--paper:#14181a;--card:#1b2124;--ink:#e6eaeb;
    --soft:#9aa6ac;--line:#2c3438;--accent:#4fc1b6;--shade:#20272a;--c0:#4fc1b6;--c1:#f0895c;
    --c2:#969ff0;--c3:#e483bd;--c4:#bccb5a;--c5:#6cbcf0;--c6:#dcae58;--c7:#9fadb5}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--paper);color:var(--ink);
    font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
    main{max-width:1080px;margin:0 auto;padding:28px 20px 80px}
    h1{font-size:1.9rem;line-height:1.2;margin:.2em 0;letter-spacing:-.01em}
    h2{font-size:1.35rem;margin:2.4em 0 .6em;padding-top:.6em;border-top:1px solid var(--line)}
    h3{font-size:1rem;margin:0 0 .2em}
    p{margin:.4em 0 1em}.lead{font-size:1.1rem;max-width:46em}.soft,figcaption{color:var(--soft)}
    figcaption{font-size:.86rem;margin-top:.5em}
    nav{position:sticky;top:0;z-index:1;background:var(--paper);border-bottom:1px solid var(--line);
    padding:.6em 20px;overflow-x:auto;white-space:nowrap;font-size:.9rem}
    nav a{color:var(--soft);text-decoration:none;margin-right:1.3em}nav a:hover{color:var(--accent)}
    nav b{color:var(--accent);margin-right:1.3em}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;
    margin:1.2em 0}
    .tile,figure,.table{background:var(--card);border:1px solid var(--line);border-radius:10px}
    .tile{padding:12px 16px}
    .tile b{display:block;font-size:1.5rem;font-variant-numeric:tabular-nums}
    .tile span{color:var(--soft);font-size:.84rem}
    .grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:16px}
    figure{margin:0;padding:16px;min-width:0}.wide{grid-column:1/-1}
    svg{display:block;width:100%;height:auto;max-height:440px}
    .table{overflow-x:auto;margin:1em 0}
    table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
    th,td{padding:.5em .8em;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
    th{color:var(--soft);font-weight:600}tr:last-child td{border-bottom:0}
    th:first-child,td:first-child{text-align:left}td.say,th.say{text-align:left;white-space:normal}
    pre{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px;
    overflow-x:auto;font-size:.84rem}
    summary{cursor:pointer;color:var(--accent);margin:.8em 0}
    .label{font:11.5px system-ui,sans-serif;fill:var(--soft)}.faint{opacity:.75}
    .cell{font:12px system-ui,sans-serif;font-variant-numeric:tabular-nums}
    .onfill{font:11.5px system-ui,sans-serif;fill:var(--paper)}
    .own{stroke:var(--ink);stroke-width:2}.empty{fill:var(--shade)}
    .rule{stroke:var(--line);stroke-width:1}
    .boundary{stroke:var(--soft);stroke-width:1;stroke-dasharray:2 3;opacity:.7}
    .chance{stroke:var(--soft);stroke-dasharray:6 4}.shade{fill:var(--shade)}
    .series{fill:none;stroke-width:2;stroke-linejoin:round}
    \(palette)
    @media print{nav{display:none}}
    """
}
