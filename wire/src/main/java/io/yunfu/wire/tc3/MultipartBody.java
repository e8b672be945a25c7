package io.yunfu.wire.tc3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Mode E: `multipart/form-data` (RFC 7578), one part per parameter. A part that says
/// `application/json` holds a JSON value (that is how Python sends lists), any other part a plain
/// text under a name that may be flattened (that is how Java sends them).
final class MultipartBody {
  /// Unit: characters. Source: RFC 2046, section 5.1.1.
  private static final int MAX_BOUNDARY = 70;

  private static final byte[] END_OF_HEADERS = {'\r', '\n', '\r', '\n'};

  private final byte[] body;
  private final byte[] delimiter;
  private final Limits limits;
  private final ValueCount count;
  private final Map<String, Value> root = new LinkedHashMap<>();

  private MultipartBody(byte[] body, String boundary, Limits limits) {
    this.body = body;
    this.delimiter = ("\r\n--" + boundary).getBytes(UTF_8);
    this.limits = limits;
    this.count = new ValueCount(limits);
  }

  static Map<String, Value> fields(byte[] body, String contentType, Limits limits) {
    String boundary = MediaType.parameter(contentType, "boundary");
    if (boundary == null || boundary.isEmpty() || boundary.length() > MAX_BOUNDARY) {
      throw CommonErrors.INVALID_REQUEST.refused();
    }
    var multipart = new MultipartBody(body, boundary, limits);
    multipart.readParts();
    return multipart.root;
  }

  /// Whatever stands before the first delimiter or after the last one is no part of the message.
  private void readParts() {
    int afterDelimiter = first();
    while (!isLast(afterDelimiter)) {
      int from = endOfLine(afterDelimiter);
      int end = find(delimiter, from - 2);
      readPart(from, end);
      afterDelimiter = end + delimiter.length;
    }
  }

  private int first() {
    // The line break in front of a delimiter belongs to it, but a body need not start with one.
    int bare = delimiter.length - 2;
    boolean atStart =
        body.length >= bare && Arrays.equals(body, 0, bare, delimiter, 2, delimiter.length);
    return atStart ? bare : find(delimiter, 0) + delimiter.length;
  }

  private boolean isLast(int at) {
    return at + 1 < body.length && body[at] == '-' && body[at + 1] == '-';
  }

  /// The start of the line after `at`; only blanks may stand before it.
  private int endOfLine(int at) {
    int i = at;
    while (i < body.length && (body[i] == ' ' || body[i] == '\t')) {
      i++;
    }
    if (i + 1 < body.length && body[i] == '\r' && body[i + 1] == '\n') {
      return i + 2;
    }
    throw CommonErrors.INVALID_REQUEST.refused();
  }

  private void readPart(int from, int end) {
    int blankLine = find(END_OF_HEADERS, from);
    if (blankLine + END_OF_HEADERS.length > end) {
      throw CommonErrors.INVALID_REQUEST.refused();
    }
    var headers = headers(from, blankLine);
    String name = name(headers.get("content-disposition"));
    int start = blankLine + END_OF_HEADERS.length;
    String text = Utf8.decode(body, start, end - start);
    if (text == null || !Utf8.isStorable(text) || !Utf8.isStorable(name)) {
      throw ValueCount.NOT_TEXT.refused(name);
    }
    FormBody.place(root, name, value(headers.get("content-type"), name, text), limits);
  }

  private Value value(@Nullable String contentType, String name, String text) {
    if (contentType != null && MediaType.of(contentType).equals(MediaType.JSON)) {
      return JsonBody.value(text, Path.ROOT.field(name), count, limits);
    }
    count.one();
    return new Value.Plain(text);
  }

  private Map<String, String> headers(int from, int end) {
    String text = Utf8.decode(body, from, end - from);
    if (text == null) {
      throw CommonErrors.INVALID_REQUEST.refused();
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line : text.split("\r\n", -1)) {
      int colon = line.indexOf(':');
      if (colon <= 0
          || headers.put(
                  MediaType.lower(line.substring(0, colon)), line.substring(colon + 1).strip())
              != null) {
        throw CommonErrors.INVALID_REQUEST.refused();
      }
    }
    return headers;
  }

  private static String name(@Nullable String disposition) {
    if (disposition != null && MediaType.of(disposition).equals("form-data")) {
      String name = MediaType.parameter(disposition, "name");
      if (name != null && !name.isEmpty()) {
        return name;
      }
    }
    throw CommonErrors.INVALID_REQUEST.refused();
  }

  /// Both patterns we look for start with the only carriage return they hold at that place, so a
  /// body made of near misses still costs one pass.
  private int find(byte[] pattern, int from) {
    int last = body.length - pattern.length;
    for (int i = from; i <= last; i++) {
      if (body[i] == pattern[0]
          && Arrays.equals(body, i, i + pattern.length, pattern, 0, pattern.length)) {
        return i;
      }
    }
    throw CommonErrors.INVALID_REQUEST.refused();
  }
}
