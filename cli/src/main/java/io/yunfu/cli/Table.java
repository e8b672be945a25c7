package io.yunfu.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Rows below each other, for people. What a cell holds is data, so nothing in it may command the
/// terminal.
final class Table {
  /// In columns of the terminal; the whole text is in the JSON.
  private static final int WIDEST = 60;

  private static final String GAP = "  ";

  private final PrintWriter out;
  private final List<String> columns;
  private final int[] widths;
  private boolean begun;

  Table(PrintWriter out, List<String> columns) {
    this.out = out;
    this.columns = List.copyOf(columns);
    this.widths = columns.stream().mapToInt(Table::width).toArray();
  }

  /// A page of a list. Columns only grow from page to page, since those above are printed already.
  void print(List<JsonNode> items) {
    var rows = new ArrayList<List<String>>();
    for (JsonNode item : items) {
      rows.add(columns.stream().map(column -> cell(at(item, column))).toList());
    }
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    if (!begun) {
      line(columns);
      begun = true;
    }
    rows.forEach(this::line);
  }

  private void line(List<String> cells) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      line.append(cell).repeat(' ', widths[i] - width(cell)).append(GAP);
    }
    out.println(line.toString().stripTrailing());
  }

  private static JsonNode at(JsonNode item, String column) {
    JsonNode at = item;
    for (String step : column.split("\\.", -1)) {
      at = at.path(step);
    }
    return at;
  }

  /// One thing: a line for each of its values, named as the API names them.
  static void printOne(PrintWriter out, JsonNode json) {
    var rows = new ArrayList<List<String>>();
    collect("", json, rows);
    int widest = rows.stream().mapToInt(row -> width(row.getFirst())).max().orElse(0);
    for (List<String> row : rows) {
      String name = row.getFirst();
      out.println((name + " ".repeat(widest - width(name)) + GAP + row.getLast()).stripTrailing());
    }
  }

  private static void collect(String path, JsonNode value, List<List<String>> rows) {
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> part : value.properties()) {
        collect(path.isEmpty() ? part.getKey() : path + "." + part.getKey(), part.getValue(), rows);
      }
    } else if (value.isArray() && value.valueStream().anyMatch(JsonNode::isContainer)) {
      for (int i = 0; i < value.size(); i++) {
        collect(path + "[" + i + "]", value.get(i), rows);
      }
    } else {
      rows.add(List.of(path, text(value)));
    }
  }

  private static String cell(JsonNode value) {
    String text = text(value);
    if (width(text) <= WIDEST) {
      return text;
    }
    var cut = new StringBuilder();
    int width = 0;
    for (int c : text.codePoints().toArray()) {
      width += width(c);
      if (width >= WIDEST) {
        break;
      }
      cut.appendCodePoint(c);
    }
    return cut.append('…').toString();
  }

  private static String text(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (value.isArray()) {
      return String.join(", ", value.valueStream().map(Table::text).toList());
    }
    return harmless(value.isString() ? value.asString() : Json.compact(value));
  }

  /// Without control characters, and without those that turn the direction of what follows.
  static String harmless(String text) {
    var harmless = new StringBuilder();
    text.codePoints()
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '·' : c)
        .forEach(harmless::appendCodePoint);
    return harmless.toString();
  }

  private static int width(String text) {
    return text.codePoints().map(Table::width).sum();
  }

  /// Chinese, Japanese and Korean are two columns wide on terminals; accents that stand on another
  /// character have no width.
  private static int width(int c) {
    if (Character.getType(c) == Character.NON_SPACING_MARK) {
      return 0;
    }
    boolean wide =
        (c >= 0x1100 && c <= 0x115f)
            || (c >= 0x2e80 && c <= 0xa4cf && c != 0x303f)
            || (c >= 0xac00 && c <= 0xd7a3)
            || (c >= 0xf900 && c <= 0xfaff)
            || (c >= 0xfe30 && c <= 0xfe6f)
            || (c >= 0xff00 && c <= 0xff60)
            || (c >= 0xffe0 && c <= 0xffe6)
            || (c >= 0x1f300 && c <= 0x1faff)
            || (c >= 0x20000 && c <= 0x3fffd);
    return wide ? 2 : 1;
  }
}
