package io.yunfu.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A merchant's server: remembers the notices that it gets, and answers what it was told to.
public final class Receiver implements AutoCloseable {
  public static final String ACKNOWLEDGED =
      "<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>";

  /// An answer.
  ///
  /// @param location of a redirect; empty for none
  public record Reply(int status, String body, long delayMillis, String location) {
    public static Reply of(int status, String body) {
      return new Reply(status, body, 0, "");
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> received = Collections.synchronizedList(new ArrayList<>());
  private final Deque<Reply> next = new ArrayDeque<>();
  private Reply always = Reply.of(200, ACKNOWLEDGED);

  public Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  public URI target(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /// The bodies that have come so far.
  public List<String> received() {
    synchronized (received) {
      return List.copyOf(received);
    }
  }

  /// Answers so from now on.
  public synchronized void always(Reply reply) {
    always = reply;
  }

  /// Answers the next one so, before the rest.
  public synchronized void once(Reply reply) {
    next.addLast(reply);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    Reply reply = reply();
    try {
      Thread.sleep(reply.delayMillis());
    } catch (InterruptedException e) {
      exchange.close();
      return;
    }
    if (!reply.location().isEmpty()) {
      exchange.getResponseHeaders().add("Location", reply.location());
    }
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private synchronized Reply reply() {
    Reply first = next.pollFirst();
    return first == null ? always : first;
  }
}
