package io.yunfu.gateway.notice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// One POST over HTTP/1.1 to an address that the caller has chosen, over a connection of its own.
///
/// The JDK's client looks the host's name up by itself, after whoever checked it: a name that has
/// changed meanwhile would lead it past the check. Here the name is only told, to the host and to
/// TLS. Source: RFC 9112.
final class DirectPost {
  /// Of the status line and of all headers together; unit: bytes.
  private static final int LONGEST_HEAD = 16 * 1024;

  private final SSLSocketFactory tls;
  private final Duration connectTimeout;
  private final int longestAnswer;

  /// @param longestAnswer unit: bytes
  DirectPost(SSLSocketFactory tls, Duration connectTimeout, int longestAnswer) {
    this.tls = tls;
    this.connectTimeout = connectTimeout;
    this.longestAnswer = longestAnswer;
  }

  /// An answer.
  ///
  /// @param body empty when nobody wanted it
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answered(int status, byte[] body) {
    @Override
    public String toString() {
      return status + ", " + body.length + " bytes";
    }
  }

  /// The address could not be connected to: nothing was sent.
  static final class NotConnected extends IOException {
    private static final long serialVersionUID = 1;

    NotConnected(IOException cause) {
      super(cause);
    }
  }

  /// Sends, and reads the answer. Blocks; an interrupt of the (virtual) thread closes the
  /// connection and ends it.
  ///
  /// @param address one of those that the URL's host stands for
  /// @param readBody whether the answer's body is of interest
  Answered post(URI url, InetAddress address, byte[] body, boolean readBody) throws IOException {
    boolean secure = "https".equalsIgnoreCase(url.getScheme());
    int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
    try (Socket plain = connect(address, port);
        Socket socket = secure ? overTls(plain, host(url), port) : plain) {
      socket.getOutputStream().write(request(url, body));
      socket.getOutputStream().flush();
      return answer(new BufferedInputStream(socket.getInputStream()), readBody);
    }
  }

  private Socket connect(InetAddress address, int port) throws NotConnected {
    Socket socket = new Socket(Proxy.NO_PROXY);
    try {
      socket.connect(new InetSocketAddress(address, port), (int) connectTimeout.toMillis());
      return socket;
    } catch (IOException e) {
      try {
        socket.close();
      } catch (IOException closing) {
        e.addSuppressed(closing);
      }
      throw new NotConnected(e);
    }
  }

  private Socket overTls(Socket plain, String host, int port) throws IOException {
    SSLSocket socket = (SSLSocket) tls.createSocket(plain, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /// Without the brackets of an IPv6 address.
  static String host(URI url) {
    String host = url.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static byte[] request(URI url, byte[] body) {
    URI ascii = URI.create(url.toASCIIString());
    String path = ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
    String query = ascii.getRawQuery() == null ? "" : "?" + ascii.getRawQuery();
    String head =
        """
        POST %s%s HTTP/1.1
        Host: %s%s
        User-Agent: Yunfu
        Accept: */*
        Content-Type: application/json; charset=utf-8
        Content-Length: %d
        Connection: close

        """
            .replace("\n", "\r\n")
            .formatted(
                path,
                query,
                ascii.getHost(),
                ascii.getPort() < 0 ? "" : ":" + ascii.getPort(),
                body.length);
    byte[] headBytes = head.getBytes(US_ASCII);
    byte[] all = new byte[headBytes.length + body.length];
    System.arraycopy(headBytes, 0, all, 0, headBytes.length);
    System.arraycopy(body, 0, all, headBytes.length, body.length);
    return all;
  }

  /// What the headers say of the body's length.
  ///
  /// @param length below 0: not said
  private record Head(int status, long length, boolean chunked) {}

  private Answered answer(InputStream in, boolean readBody) throws IOException {
    var lines = new Lines(in);
    Head head = head(lines);
    while (head.status() >= 100 && head.status() < 200) {
      head = head(lines); // an interim answer
    }
    boolean hasBody = head.status() != 204 && head.status() != 304;
    if (!readBody || !hasBody) {
      return new Answered(head.status(), new byte[0]);
    }
    byte[] body =
        head.chunked()
            ? chunks(in, lines)
            : head.length() >= 0 ? exactly(in, head.length()) : untilEnd(in);
    return new Answered(head.status(), body);
  }

  private static Head head(Lines lines) throws IOException {
    String status = lines.next();
    if (!status.matches("HTTP/1\\.[01] [1-9][0-9]{2}( .*)?")) {
      throw new IOException("not an answer of HTTP/1.1");
    }
    long length = -1;
    boolean chunked = false;
    for (String line = lines.next(); !line.isEmpty(); line = lines.next()) {
      int colon = line.indexOf(':');
      String name = colon < 0 ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      if (name.equals("content-length")) {
        length = number(value, 10);
      } else if (name.equals("transfer-encoding")) {
        chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
      }
    }
    return new Head(Integer.parseInt(status, 9, 12, 10), length, chunked);
  }

  private static long number(String text, int radix) throws IOException {
    if (!text.matches("[0-9a-fA-F]{1,15}")) {
      throw new IOException("a length is not a number");
    }
    try {
      return Long.parseLong(text, radix);
    } catch (NumberFormatException e) {
      throw new IOException("a length is not a number", e);
    }
  }

  private byte[] exactly(InputStream in, long length) throws IOException {
    byte[] bytes = in.readNBytes(bounded(length));
    if (bytes.length < length) {
      throw new EOFException("the answer ended early");
    }
    return bytes;
  }

  private byte[] untilEnd(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(longestAnswer + 1);
    bounded(bytes.length);
    return bytes;
  }

  private byte[] chunks(InputStream in, Lines lines) throws IOException {
    var all = new ByteArrayOutputStream();
    while (true) {
      String line = lines.next();
      int end = line.indexOf(';');
      long length = number((end < 0 ? line : line.substring(0, end)).strip(), 16);
      if (length == 0) {
        return all.toByteArray(); // trailers are of no interest
      }
      bounded(all.size() + length);
      all.write(exactly(in, length));
      if (!lines.next().isEmpty()) {
        throw new IOException("a chunk does not end");
      }
    }
  }

  private int bounded(long length) throws IOException {
    if (length > longestAnswer) {
      throw new IOException("the answer is longer than " + longestAnswer + " bytes");
    }
    return (int) length;
  }

  /// Lines up to a bound over all of them.
  private static final class Lines {
    private final InputStream in;
    private int left = LONGEST_HEAD;

    Lines(InputStream in) {
      this.in = in;
    }

    String next() throws IOException {
      var line = new ByteArrayOutputStream();
      for (int one = in.read(); one != '\n'; one = in.read()) {
        if (one < 0) {
          throw new EOFException("the answer ended early");
        }
        if (--left < 0) {
          throw new IOException("the answer's head is longer than " + LONGEST_HEAD + " bytes");
        }
        line.write(one);
      }
      String text = line.toString(ISO_8859_1);
      return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
  }
}
