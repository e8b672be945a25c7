package io.yunfu.server.http;

import io.yunfu.server.config.Configuration;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens, and hands each request to its route's handler on a virtual thread of its own.
public final class HttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  /// Room for the request line and all headers. A GET of 32 KiB must arrive whole, and a somewhat
  /// larger one too, so that the API can refuse it in its own words.
  private static final int HEAD_BYTES = 64 * 1024;

  /// The listeners' names, which are the first part of their keys.
  private static final String PLAIN = "http";

  private static final String SECURE = "https";

  private final Server server;
  private final Adapter adapter;
  private final List<ServerConnector> connectors;
  private final @Nullable Tls tls;
  private final SlowHeads slowHeads;
  private OptionalInt port = OptionalInt.empty();
  private OptionalInt securePort = OptionalInt.empty();

  private HttpServer(
      Server server,
      Adapter adapter,
      List<ServerConnector> connectors,
      @Nullable Tls tls,
      Duration requestTimeout) {
    this.tls = tls;
    this.server = server;
    this.adapter = adapter;
    this.connectors = List.copyOf(connectors);
    this.slowHeads = new SlowHeads(connectors, requestTimeout);
  }

  /// Starts listening.
  ///
  /// @throws CannotListen when a port is taken or may not be used, or the certificate is unfit
  public static HttpServer start(
      Configuration.Http http, Configuration.Https https, List<Route> routes) {
    Adapter adapter =
        new Adapter(
            new Router(routes, http.corsOrigins()),
            new Forwarding(http.trustedProxies()),
            new Compression(http.gzipFrom()),
            new BodyReader(http.bodyMemory()),
            http.requestTimeout());
    Server server = new Server(threads());
    server.setHandler(adapter);
    server.setErrorHandler(new Failures(adapter::isClosed));
    server.setStopAtShutdown(false);
    List<ServerConnector> connectors = new ArrayList<>();
    if (http.enabled()) {
      connectors.add(connector(server, http, PLAIN, http.port(), plain()));
    }
    @Nullable Tls tls = null;
    if (https.enabled()) {
      tls = tls(https);
      HttpConnectionFactory inner = plain();
      connectors.add(connector(server, http, SECURE, https.port(), tls.before(inner), inner));
    }
    connectors.forEach(server::addConnector);
    server.addBean(new NetworkConnectionLimit(http.maxConnections(), server));
    HttpServer started = new HttpServer(server, adapter, connectors, tls, http.requestTimeout());
    started.listen();
    return started;
  }

  /// The port of plain HTTP, also where the settings said 0; empty without plain HTTP.
  public OptionalInt port() {
    return port;
  }

  /// The port of HTTPS; empty without HTTPS.
  public OptionalInt securePort() {
    return securePort;
  }

  /// Connections that are open now.
  public int connections() {
    return connectors.stream().mapToInt(one -> one.getConnectedEndPoints().size()).sum();
  }

  /// Requests that have arrived and are not answered yet.
  public int inFlight() {
    return adapter.inFlight();
  }

  /// Stops listening, lets the requests that have arrived finish, then closes all connections. A
  /// request that still arrives on an open connection meanwhile is served, and closes it; one that
  /// arrives when all are finished is not let in, so that whatever was begun is answered.
  ///
  /// @param grace how long to wait for them
  /// @return whether all have finished
  public boolean stop(Duration grace) {
    adapter.leave();
    for (ServerConnector connector : connectors) {
      // Not its shutdown, which closes connections that are idle in the moment when their next
      // request arrives: that one would be served, and could not be answered.
      connector.setAccepting(false);
      connector.close();
    }
    long end = System.nanoTime() + grace.toNanos();
    awaitFinished(end);
    adapter.close();
    boolean finished = awaitFinished(end);
    if (!finished) {
      LOG.warn("stopping with {} requests unanswered after {} ms", inFlight(), grace.toMillis());
    }
    slowHeads.stop();
    if (tls != null) {
      tls.stop();
    }
    try {
      server.stop();
    } catch (Exception e) { // whatever a part of Jetty throws: the others are stopped all the same
      LOG.warn("the HTTP server did not stop cleanly", e);
    }
    return finished;
  }

  /// @return whether there was a moment when none was left; one that arrives after it is refused
  private boolean awaitFinished(long end) {
    while (inFlight() > 0) {
      if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    return true;
  }

  /// Stops without waiting.
  @Override
  public void close() {
    stop(Duration.ZERO);
  }

  /// When the certificate in use ends; empty without HTTPS.
  public Optional<Instant> certificateExpires() {
    return Optional.ofNullable(tls).map(Tls::expires);
  }

  private static Tls tls(Configuration.Https settings) {
    try {
      return new Tls(settings);
    } catch (CertificateInvalid e) {
      throw new CannotListen("HTTPS cannot start: " + e.getMessage(), e);
    }
  }

  private void listen() {
    try {
      for (ServerConnector connector : connectors) {
        open(connector);
        OptionalInt opened = OptionalInt.of(connector.getLocalPort());
        if (PLAIN.equals(connector.getName())) {
          port = opened;
        } else {
          securePort = opened;
        }
      }
      server.start();
      slowHeads.start();
      if (tls != null) {
        tls.start();
      }
    } catch (CannotListen e) {
      close();
      throw e;
    } catch (Exception e) {
      close();
      throw new IllegalStateException("the HTTP server did not start", e);
    }
  }

  private static void open(ServerConnector connector) {
    try {
      connector.open();
    } catch (IOException e) {
      String where = "port " + connector.getPort() + " of " + connector.getHost();
      String key = connector.getName() + ".port";
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof BindException
            && String.valueOf(cause.getMessage()).contains("in use")) {
          throw new CannotListen(
              where + " is taken by another program; stop that one, or set " + key, e);
        }
      }
      throw new CannotListen(
          "cannot listen on " + where + " (" + key + "): " + rootOf(e).getMessage(), e);
    }
  }

  private static Throwable rootOf(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static ServerConnector connector(
      Server server,
      Configuration.Http http,
      String name,
      int port,
      ConnectionFactory... protocols) {
    var connector = new ServerConnector(server, 1, 1, protocols);
    connector.setName(name);
    connector.setHost(http.host());
    connector.setPort(port);
    connector.setAcceptQueueSize(http.acceptQueue());
    connector.setIdleTimeout(http.idleTimeout().toMillis());
    return connector;
  }

  private static HttpConnectionFactory plain() {
    return new HttpConnectionFactory(rules());
  }

  private static HttpConfiguration rules() {
    var rules = new HttpConfiguration();
    rules.setRequestHeaderSize(HEAD_BYTES);
    // Each request is signed anew, so remembering a connection's fields finds nothing again.
    rules.setHeaderCacheSize(0);
    rules.setSendServerVersion(false);
    rules.setSendXPoweredBy(false);
    // The vendor's Python SDK and its command line send `Host: http://127.0.0.1:8080`.
    rules.setHttpCompliance(
        HttpCompliance.RFC9110.with("yunfu", HttpCompliance.Violation.UNSAFE_HOST_HEADER));
    // Nothing is decoded here and routes compare raw paths, so no spelling of a path can be taken
    // for another; refusing one is up to the API, in its own words.
    rules.setUriCompliance(UriCompliance.UNSAFE);
    return rules;
  }

  /// Few threads of the system for accepting and selecting; requests run on virtual ones.
  private static QueuedThreadPool threads() {
    var threads = new QueuedThreadPool(16, 4);
    threads.setName("http");
    threads.setReservedThreads(0);
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory()));
    return threads;
  }
}
