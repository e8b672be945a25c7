package io.yunfu.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Recorded exchanges: folders under `fixtures/` at the root of the sources, each with what was
/// asked and what was answered. `-Dgolden.update=true` writes what the code answers now; the diff
/// is what gets reviewed.
///
/// JSON is recorded indented, for the reader of that diff, and compared byte for byte: an answer
/// has no white space outside its texts, so the indented form says neither more nor less.
public final class Golden {
  private static final Path ROOT = root();

  private Golden() {}

  /// Whether this run records instead of comparing.
  public static boolean isUpdating() {
    return Boolean.getBoolean("golden.update");
  }

  /// A folder of fixtures, such as `billing`.
  public static Path fixtures(String name) {
    return ROOT.resolve("fixtures").resolve(name);
  }

  /// Any other file of the sources, such as a page of `docs`.
  public static Path source(String name) {
    return ROOT.resolve(name);
  }

  /// The folders below this one that hold a file of this name, in order.
  public static List<Path> cases(Path folder, String holding) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> path.getFileName().toString().equals(holding))
          .map(Path::getParent)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Indents JSON by white space alone: texts and numbers keep every character.
  public static String indented(String json) {
    var out = new StringBuilder(json.length() * 2);
    int depth = 0;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      switch (c) {
        case '"' -> {
          int end = endOfText(json, i);
          out.append(json, i, end);
          i = end - 1;
        }
        case '{', '[' -> {
          char close = c == '{' ? '}' : ']';
          if (i + 1 < json.length() && json.charAt(i + 1) == close) {
            out.append(c).append(close);
            i++;
          } else {
            newLine(out.append(c), ++depth);
          }
        }
        case '}', ']' -> {
          newLine(out, --depth);
          out.append(c);
        }
        case ',' -> newLine(out.append(c), depth);
        case ':' -> out.append(": ");
        default -> out.append(c);
      }
    }
    return out.append('\n').toString();
  }

  /// Takes away all white space outside texts.
  public static String compact(String json) {
    var out = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c == '"') {
        int end = endOfText(json, i);
        out.append(json, i, end);
        i = end - 1;
      } else if (!Character.isWhitespace(c)) {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static int endOfText(String json, int start) {
    int i = start + 1;
    while (i < json.length() && json.charAt(i) != '"') {
      i += json.charAt(i) == '\\' ? 2 : 1;
    }
    return Math.min(json.length(), i + 1);
  }

  private static void newLine(StringBuilder out, int depth) {
    out.append('\n').append("  ".repeat(depth));
  }

  /// Tests run in the folder of their module, which lies in the root.
  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("CONTRIBUTING.md"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("not run inside the sources");
    }
    return folder;
  }
}
