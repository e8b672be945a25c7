package io.yunfu.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/// Stands in for the admin API: keeps what arrives, answers what it was told to.
final class FakeServer implements AutoCloseable {
  /// What arrived.
  ///
  /// @param target as it was on the wire
  record Received(
      String method,
      String target,
      String authorization,
      String language,
      Optional<String> contentType,
      Optional<String> idempotencyKey,
      String body) {}

  private interface Reply {
    void to(HttpExchange exchange) throws IOException, InterruptedException;
  }

  private final HttpServer server;
  private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  FakeServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(task -> Thread.ofVirtual().start(task));
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// The answer to the next request; an empty object once there is none left.
  FakeServer answers(int status, String body) {
    replies.add(exchange -> {
      byte[] bytes = body.getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    });
    return this;
  }

  FakeServer redirects(String where) {
    replies.add(exchange -> {
      exchange.getResponseHeaders().set("Location", where);
      exchange.sendResponseHeaders(307, -1);
    });
    return this;
  }

  /// Takes the next request and says nothing.
  FakeServer isSilent() {
    replies.add(exchange -> closed.await());
    return this;
  }

  /// Takes the next request and hangs up.
  FakeServer hangsUp() {
    replies.add(exchange -> {});
    return this;
  }

  List<Received> received() {
    return List.copyOf(received);
  }

  Received only() {
    if (received.size() != 1) {
      throw new AssertionError("not one request: " + received);
    }
    return received.getFirst();
  }

  Received last() {
    return received.getLast();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = exchange.getRequestHeaders();
      received.add(
          new Received(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              headers.getFirst("Authorization"),
              headers.getFirst("Accept-Language"),
              Optional.ofNullable(headers.getFirst("Content-Type")),
              Optional.ofNullable(headers.getFirst("Idempotency-Key")),
              new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
      if (replies.isEmpty()) {
        answers(200, "{}");
      }
      replies.take().to(exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
