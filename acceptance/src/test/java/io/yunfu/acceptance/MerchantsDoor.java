package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// The merchant's callback. It has heard of what it has answered well; what it holds it has read
/// and does not answer.
final class MerchantsDoor implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, JsonNode> heard = new ConcurrentHashMap<>();
  private final Map<String, Boolean> held = new ConcurrentHashMap<>();
  private final List<String> toHold = new CopyOnWriteArrayList<>();
  private volatile CountDownLatch gate = new CountDownLatch(1);

  MerchantsDoor() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::take);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/paid";
  }

  /// @param number of an order or of a refund
  void hold(String number) {
    toHold.add(number);
  }

  boolean holds(String number) {
    return held.containsKey(number);
  }

  boolean heard(String number) {
    return heard.containsKey(number);
  }

  /// The envelope that told of it.
  JsonNode told(String number) {
    return heard.get(number);
  }

  /// Whoever is held gets no answer any more; new ones do.
  void goOn() {
    toHold.clear();
    gate.countDown();
    gate = new CountDownLatch(1);
  }

  private void take(HttpExchange exchange) throws IOException {
    JsonNode envelope = JSON.readTree(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    JsonNode told = JSON.readTree(envelope.get("request_content").asString());
    String number =
        told.has("order_content")
            ? told.at("/order_content/out_trade_no").asString()
            : told.at("/refund_order_content/0/out_refund_no").asString();
    CountDownLatch closed = gate;
    if (toHold.contains(number)) {
      held.put(number, true);
      try {
        closed.await(Program.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      exchange.close();
      return;
    }
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
    heard.put(number, envelope);
  }

  @Override
  public void close() {
    gate.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
