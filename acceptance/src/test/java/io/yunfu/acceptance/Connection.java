package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A client that writes exactly what it is told to and reads what comes back: no library stands
/// between the test and the bytes.
final class Connection implements AutoCloseable {
  private static final int PATIENCE = (int) Program.PATIENCE.toMillis();

  private final Socket socket = new Socket();

  /// To a program on this machine.
  Connection(int port) throws IOException {
    try {
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), PATIENCE);
      socket.setSoTimeout(PATIENCE);
      socket.setTcpNoDelay(true);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// One exchange on a connection of its own.
  static Answer exchange(int port, byte[] request) throws IOException {
    try (var connection = new Connection(port)) {
      return connection.send(request).answer();
    }
  }

  Connection send(String request) throws IOException {
    return send(request.getBytes(ISO_8859_1));
  }

  Connection send(byte[] request) throws IOException {
    socket.getOutputStream().write(request);
    socket.getOutputStream().flush();
    return this;
  }

  /// The next answer, with its body.
  Answer answer() throws IOException {
    Answer head = head();
    if (head.header("transfer-encoding").equals("chunked")) {
      return new Answer(head.status(), head.headers(), chunks());
    }
    int length = head.status() == 204 ? 0 : Integer.parseInt(head.header("content-length"));
    byte[] body = socket.getInputStream().readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the server closed within a body");
    }
    return new Answer(head.status(), head.headers(), body);
  }

  /// The next answer when it has no body, whatever its headers say, as to a HEAD.
  Answer head() throws IOException {
    InputStream in = socket.getInputStream();
    String status = line(in);
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          List.of(line.substring(colon + 1).strip()),
          Connection::both);
    }
    return new Answer(Integer.parseInt(status.split(" ", -1)[1]), headers, new byte[0]);
  }

  /// Whether the server has closed it, once everything that it sent is read.
  boolean isClosed() throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true; // reset
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static List<String> both(List<String> one, List<String> other) {
    return java.util.stream.Stream.concat(one.stream(), other.stream()).toList();
  }

  private byte[] chunks() throws IOException {
    InputStream in = socket.getInputStream();
    var body = new ByteArrayOutputStream();
    while (true) {
      int length = Integer.parseInt(line(in), 16);
      body.write(in.readNBytes(length));
      line(in);
      if (length == 0) {
        return body.toByteArray();
      }
    }
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the server closed after: " + line);
      }
      line.write(next);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }
}
