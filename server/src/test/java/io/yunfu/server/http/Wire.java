package io.yunfu.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// A client that writes exactly what it is told to and reads what comes back: no library between
/// the test and the bytes.
final class Wire implements AutoCloseable {
  private final Socket socket;

  Wire(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(10_000);
  }

  static Wire to(HttpServer server) throws IOException {
    return new Wire(new Socket(InetAddress.getLoopbackAddress(), server.port().orElseThrow()));
  }

  /// @param names in lower case
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(int status, Map<String, String> names, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    String header(String name) {
      return names.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
  }

  Wire send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  Wire send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  Answer answer() throws IOException {
    Answer head = answerToHead();
    int length = head.status() == 204 ? 0 : Integer.parseInt("0" + head.header("content-length"));
    return new Answer(head.status(), head.names(), socket.getInputStream().readNBytes(length));
  }

  Answer answerToHead() throws IOException {
    InputStream in = socket.getInputStream();
    String status = line(in);
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip(),
          (one, other) -> one + ", " + other);
    }
    return new Answer(Integer.parseInt(status.split(" ", -1)[1]), headers, new byte[0]);
  }

  /// Whether the server has closed the connection, once everything it sent is read.
  boolean closed() throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketException e) {
      return true; // reset
    }
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new java.io.EOFException("the server closed after: " + line);
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  void hangUp() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
