package io.yunfu.simulator.http;

import io.yunfu.simulator.seed.Seed;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens at all addresses of a simulator. A request runs on a virtual thread of its own, unless
/// the [Door] is quick: then on the thread that listens at that address.
public final class Listeners implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  /// Room for the request line and all headers: Alipay's clients put all but the business content
  /// into the query.
  private static final int HEAD_BYTES = 64 * 1024;

  /// Longer than any silence that a fault asks for, so that it is not cut short.
  private static final Duration IDLE = Adapter.LONGEST_SILENCE.plusMinutes(1);

  private final String host;
  private final Server server;
  private final CountDownLatch closing;
  private final Map<Port, ServerConnector> connectors = new EnumMap<>(Port.class);
  private final Map<Port, Integer> ports = new EnumMap<>(Port.class);

  private Listeners(String host, Server server, CountDownLatch closing) {
    this.host = host;
    this.server = server;
    this.closing = closing;
  }

  /// Starts listening.
  ///
  /// @param host the address to listen on
  /// @param ports 0, and what is not named, is a free one
  /// @param doors who answers at each
  /// @throws CannotListen when a port is taken or may not be used
  public static Listeners start(
      String host,
      Map<Port, Integer> ports,
      Map<Port, Door> doors,
      Credentials credentials,
      Seed seed) {
    var closing = new CountDownLatch(1);
    var server = new Server(threads());
    server.setHandler(new Adapter(doors, seed, closing));
    server.setStopAtShutdown(false);
    var listeners = new Listeners(host, server, closing);
    for (Port listener : doors.keySet()) {
      listeners.add(listener, ports.getOrDefault(listener, 0), credentials);
    }
    listeners.open();
    return listeners;
  }

  public int port(Port listener) {
    Integer port = ports.get(listener);
    if (port == null) {
      throw new IllegalArgumentException("there is no listener " + listener);
    }
    return port;
  }

  /// Where clients go, without a path.
  public URI base(Port listener) {
    return URI.create(
        "%s://%s:%d".formatted(listener.secure() ? "https" : "http", host, port(listener)));
  }

  /// Stops to listen for a while, so that the system itself refuses connections; those that are
  /// open are closed. The ports stay ours meanwhile.
  ///
  /// @param lasting in real time
  public void refuse(Set<Port> refusing, Duration lasting) {
    List<Runnable> again = new ArrayList<>();
    for (Port listener : refusing) {
      ServerConnector connector = connectors.get(listener);
      if (connector != null && connector.isRunning()) {
        again.add(close(listener, connector));
      }
    }
    Thread.ofVirtual()
        .name("refusing")
        .start(() -> {
          try {
            var _ = closing.await(lasting.toMillis(), TimeUnit.MILLISECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          again.forEach(Runnable::run);
        });
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      server.stop();
    } catch (Exception e) { // whatever a part of Jetty throws: the others are stopped all the same
      LOG.warn("the listeners did not stop cleanly", e);
    }
  }

  private Runnable close(Port listener, ServerConnector connector) {
    try {
      connector.stop();
      connector.setPort(port(listener));
      SocketChannel placeholder = placeholder(port(listener));
      return () -> {
        try {
          placeholder.close();
          if (closing.getCount() > 0) {
            connector.start();
          }
        } catch (Exception e) { // of Jetty or of the system
          LOG.error("{} does not listen any more", listener, e);
        }
      };
    } catch (Exception e) { // of Jetty or of the system
      throw new IllegalStateException("cannot stop to listen at " + listener, e);
    }
  }

  /// Bound and not listening: nobody else gets the port, and nobody gets through. The system may
  /// need a moment to let go of the old socket.
  private SocketChannel placeholder(int port) throws IOException, InterruptedException {
    for (int tries = 0; ; tries++) {
      SocketChannel placeholder = SocketChannel.open();
      try {
        placeholder.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        placeholder.bind(new InetSocketAddress(host, port));
        return placeholder;
      } catch (IOException e) {
        placeholder.close();
        if (tries == 100) {
          throw e;
        }
        Thread.sleep(20);
      }
    }
  }

  private void open() {
    try {
      for (Map.Entry<Port, ServerConnector> each : connectors.entrySet()) {
        try {
          each.getValue().open();
        } catch (IOException e) {
          throw new CannotListen(
              "%s cannot listen on port %d of %s: %s"
                  .formatted(each.getKey(), each.getValue().getPort(), host, reason(e)),
              e);
        }
        ports.put(each.getKey(), each.getValue().getLocalPort());
      }
      server.start();
    } catch (CannotListen e) {
      close();
      throw e;
    } catch (Exception e) {
      close();
      throw new IllegalStateException("the listeners did not start", e);
    }
  }

  private static String reason(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  private void add(Port listener, int port, Credentials credentials) {
    var http = new HttpConnectionFactory(rules());
    ConnectionFactory[] protocols = {http};
    if (listener.secure()) {
      var tls = new SslConnectionFactory(new Tls(credentials, host), http.getProtocol());
      // It would compare `Host` with the name in the handshake, and clients write much into `Host`.
      tls.setEnsureSecureRequestCustomizer(false);
      protocols = new ConnectionFactory[] {tls, http};
    }
    var connector = new ServerConnector(server, 1, 1, protocols);
    connector.setName(listener.label());
    connector.setHost(host);
    connector.setPort(port);
    connector.setAcceptQueueSize(1024);
    connector.setIdleTimeout(IDLE.toMillis());
    connector.setShutdownIdleTimeout(0);
    connectors.put(listener, connector);
    server.addConnector(connector);
  }

  private static HttpConfiguration rules() {
    var rules = new HttpConfiguration();
    rules.setRequestHeaderSize(HEAD_BYTES);
    rules.setSendServerVersion(false);
    rules.setSendXPoweredBy(false);
    // As Yunfu's server: some vendor clients send `Host: http://127.0.0.1:8080`.
    rules.setHttpCompliance(
        HttpCompliance.RFC9110.with("yunfu", HttpCompliance.Violation.UNSAFE_HOST_HEADER));
    rules.setUriCompliance(UriCompliance.UNSAFE);
    return rules;
  }

  private static QueuedThreadPool threads() {
    var threads = new QueuedThreadPool(24, 4);
    threads.setName("simulator");
    threads.setReservedThreads(0);
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory()));
    return threads;
  }
}
