package io.yunfu.wire.tc3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/// Reads `clients/*.http`: request line and headers with plain line feeds, a blank line, then the
/// exact bytes of the body.
final class RecordedRequest {
  private RecordedRequest() {}

  static Requests of(String name) {
    byte[] bytes = bytes("/clients/" + name + ".http");
    int at = 0;
    Requests request = null;
    while (true) {
      int end = at;
      while (bytes[end] != '\n') {
        end++;
      }
      String line = new String(bytes, at, end - at, UTF_8);
      at = end + 1;
      if (line.isEmpty()) {
        return request;
      }
      if (request == null) {
        byte[] body = Arrays.copyOfRange(bytes, bodyStart(bytes), bytes.length);
        request = requestLine(line, body);
      } else {
        int colon = line.indexOf(':');
        request.header(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
  }

  private static Requests requestLine(String line, byte[] body) {
    String[] parts = line.split(" ", -1);
    String[] target = parts[1].split("\\?", 2);
    Requests request =
        parts[0].equals("GET")
            ? Requests.get(target.length == 2 ? target[1] : null)
            : Requests.post(body);
    return request.path(target[0]);
  }

  private static int bodyStart(byte[] bytes) {
    for (int i = 1; i < bytes.length; i++) {
      if (bytes[i] == '\n' && bytes[i - 1] == '\n') {
        return i + 1;
      }
    }
    throw new IllegalArgumentException("no blank line");
  }

  private static byte[] bytes(String resource) {
    try (InputStream in = RecordedRequest.class.getResourceAsStream(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
