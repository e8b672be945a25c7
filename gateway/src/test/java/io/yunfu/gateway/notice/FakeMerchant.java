package io.yunfu.gateway.notice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A merchant's server on sockets of its own, which answers as badly as it is told to.
final class FakeMerchant implements AutoCloseable {
  static final Reply OK = sends("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");

  private final ServerSocket server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Reply reply = OK;
  private final AtomicInteger connections = new AtomicInteger();

  /// What arrived.
  ///
  /// @param headers by lower-case name
  record Request(String line, Map<String, String> headers, String body) {
    /// Without the port.
    String host() {
      return headers.getOrDefault("host", "").replaceFirst(":.*", "");
    }
  }

  /// What it does once a request has arrived.
  interface Reply {
    void to(Request request, Socket socket) throws Exception;
  }

  FakeMerchant() throws IOException {
    this(new ServerSocket());
  }

  /// @param server not bound yet
  FakeMerchant(ServerSocket server) throws IOException {
    this.server = server;
    server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    threads.execute(this::accept);
  }

  /// An answer word for word, and the connection ends.
  static Reply sends(String text) {
    return (_, socket) -> socket.getOutputStream().write(text.getBytes(ISO_8859_1));
  }

  static Reply status(int status) {
    return sends("HTTP/1.1 %d Some\r\nContent-Length: 0\r\n\r\n".formatted(status));
  }

  /// The connection breaks without an answer.
  static Reply reset() {
    return (_, socket) -> socket.setSoLinger(true, 0);
  }

  /// Says something, and then nothing more until it is closed.
  Reply stallsAfter(String text) {
    return (_, socket) -> {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
      closed.await();
    };
  }

  void reply(Reply next) {
    reply = next;
  }

  int port() {
    return server.getLocalPort();
  }

  /// How often somebody has connected, whatever came of it.
  int connections() {
    return connections.get();
  }

  /// What has arrived since this was asked last.
  List<Request> requests() {
    var taken = new ArrayList<Request>();
    requests.drainTo(taken);
    return taken;
  }

  /// Waits for the next one.
  Request await() throws InterruptedException {
    Request next = requests.poll(30, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no request arrived");
    }
    return next;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        threads.execute(() -> answer(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void answer(Socket socket) {
    try (socket) {
      Request request = read(socket.getInputStream());
      requests.add(request);
      reply.to(request, socket);
    } catch (Exception e) {
      // The caller has gone, or TLS came to nothing: it is the caller who is tested.
    }
  }

  private static Request read(InputStream in) throws IOException {
    String line = line(in);
    var headers = new TreeMap<String, String>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    byte[] body = in.readNBytes(Integer.parseInt(headers.get("content-length")));
    return new Request(line, headers, new String(body, UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int one = in.read(); one != '\n'; one = in.read()) {
      if (one < 0) {
        throw new IOException("the request ended early");
      }
      line.write(one);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  /// Whoever has arrived is still answered.
  @Override
  public void close() throws IOException {
    closed.countDown();
    server.close();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
        threads.shutdownNow(); // somebody connected and says nothing
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
