package io.yunfu.server.http;

import io.yunfu.server.config.DataSize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/// Compresses large answers for clients that name gzip. Never deflate, which the vendor's Go SDK
/// reads without its wrapper, and never on `*` alone (billing, section 1.7, rule 10).
final class Compression {
  private final DataSize from;

  Compression(DataSize from) {
    this.from = from;
  }

  Response applied(Request request, Response response) {
    if (response.body().length < from.bytes()) {
      return response;
    }
    Response varying = response.with("Vary", "Accept-Encoding");
    return request.headers().all("Accept-Encoding").stream().anyMatch(Compression::takesGzip)
        ? new Response(
            varying.status(),
            varying.headers().with("Content-Encoding", "gzip"),
            gzip(varying.body()))
        : varying;
  }

  private static boolean takesGzip(String accepted) {
    for (String coding : accepted.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = coding.split(";", -1);
      String name = parts[0].strip();
      if (name.equals("gzip") || name.equals("x-gzip")) {
        return parts.length < 2 || !parts[1].replace(" ", "").matches("q=0(\\.0*)?");
      }
    }
    return false;
  }

  private static byte[] gzip(byte[] body) {
    var bytes = new ByteArrayOutputStream(body.length / 4);
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }
}
