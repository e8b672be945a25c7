package io.yunfu.simulator.http;

import io.yunfu.simulator.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What is sent back.
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy would double a large body
public record Reply(int status, List<Header> headers, byte[] body) {
  public Reply {
    headers = List.copyOf(headers);
  }

  public static Reply of(int status, String contentType, byte[] body) {
    return new Reply(status, List.of(new Header("Content-Type", contentType)), body);
  }

  public static Reply of(int status, String contentType, String body) {
    return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  public static Reply json(int status, Object value) {
    return of(status, "application/json; charset=utf-8", Json.bytes(value));
  }

  public static Reply html(int status, String page) {
    return of(status, "text/html; charset=utf-8", page);
  }

  public static Reply notFound() {
    return of(404, "text/plain; charset=utf-8", "There is nothing at this path.\n");
  }

  public Reply with(String name, String value) {
    List<Header> more = new ArrayList<>(headers);
    more.removeIf(field -> field.name().equalsIgnoreCase(name));
    more.add(new Header(name, value));
    return new Reply(status, more, body);
  }

  public Reply withBody(byte[] other) {
    return new Reply(status, headers, other);
  }
}
