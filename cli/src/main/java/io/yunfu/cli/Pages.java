package io.yunfu.cli;

import java.io.PrintWriter;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Shows a list page by page, without keeping what is shown: lists may be longer than memory.
final class Pages {
  private final PrintWriter out;
  private final Settings.Format format;
  private final boolean all;
  private final Table table;
  private boolean begun;

  /// @param all whether all pages become one list; otherwise a page is shown as the server sent it
  Pages(PrintWriter out, Settings.Format format, List<String> columns, boolean all) {
    this.out = out;
    this.format = format;
    this.all = all;
    this.table = new Table(out, columns);
  }

  void print(JsonNode page) {
    List<JsonNode> items = page.path("items").valueStream().toList();
    switch (format) {
      case TABLE -> table.print(items);
      case JSONL -> items.forEach(item -> out.println(Json.compact(item)));
      case JSON -> {
        if (!all) {
          out.println(Json.indented(page));
          return;
        }
        for (JsonNode item : items) {
          out.print(begun ? ",\n  " : "{\"items\": [\n  ");
          out.print(Json.compact(item));
          begun = true;
        }
      }
    }
  }

  /// After the last page. JSON that was cut off lacks its end, so that nobody takes it for whole.
  void end() {
    if (format == Settings.Format.JSON && all) {
      out.println(begun ? "\n]}" : "{\"items\": []}");
    }
  }
}
