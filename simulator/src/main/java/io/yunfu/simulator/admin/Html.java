package io.yunfu.simulator.admin;

import io.yunfu.simulator.http.Reply;

/// Pages without a template engine: few, small, and every value goes through [#escaped].
final class Html {
  /// No script, nothing from elsewhere. Pages of merchants may show the cashier in a frame.
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'";

  private static final String STYLE =
      """
      :root { color-scheme: light; font: 16px/1.5 system-ui, sans-serif; }
      body { margin: 0; background: #ededed; color: #1a1a1a; }
      main { max-width: 46rem; margin: 0 auto; padding: 1rem; }
      h1 { font-size: 1.25rem; } h2 { font-size: 1rem; margin-top: 2rem; }
      a { color: #576b95; }
      .card { background: #fff; border-radius: .75rem; padding: 1rem 1.25rem; margin: 1rem 0; }
      .wechat { border-top: .3rem solid #07c160; } .alipay { border-top: .3rem solid #1677ff; }
      .amount { font-size: 2.25rem; text-align: center; margin: .5rem 0; }
      .quiet { color: #767676; font-size: .875rem; overflow-wrap: anywhere; }
      table { border-collapse: collapse; width: 100%; background: #fff; border-radius: .75rem; }
      th, td { text-align: left; padding: .4rem .75rem; border-bottom: 1px solid #eee; }
      th { font-weight: 500; color: #767676; font-size: .875rem; }
      td.number { text-align: right; font-variant-numeric: tabular-nums; }
      label { display: block; margin: .75rem 0 .25rem; }
      input, select { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem;
        border: 1px solid #ccc; border-radius: .4rem; background: #fff; }
      button { font: inherit; padding: .6rem 1rem; margin: .3rem .3rem 0 0; border: 1px solid #ccc;
        border-radius: .4rem; background: #fff; cursor: pointer; }
      button.pay { width: 100%; border: 0; color: #fff; background: #07c160; margin-top: 1rem; }
      .alipay button.pay { background: #1677ff; }
      .en { font-size: .875em; opacity: .75; }
      .good { color: #06833f; } .bad { color: #c0261c; }
      """;

  private Html() {}

  static Reply page(int status, String title, String body) {
    return Reply.html(
            status,
            """
            <!doctype html>
            <html lang="zh-CN">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%s</title>
            <style>
            %s</style>
            </head>
            <body><main>
            %s
            </main></body>
            </html>
            """
                .formatted(escaped(title), STYLE, body))
        .with("Content-Security-Policy", POLICY)
        .with("Cache-Control", "no-store")
        .with("Referrer-Policy", "no-referrer");
  }

  /// For texts and for values of attributes in double quotes.
  static String escaped(String text) {
    var escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
