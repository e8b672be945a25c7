package io.yunfu.channels;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.client.AbstractConnectionPool;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.client.transport.HttpDestination;
import org.eclipse.jetty.client.transport.HttpExchange;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/// Jetty's client, held to what the channels allow: HTTP/1.1, each request sent once, and nothing
/// done that nobody asked for. The tag of a request is the [Tls] that it goes with: requests with
/// different ones never share a connection.
///
/// Who calls writes the request itself and waits; one thread reads all answers. A second one only
/// watches the time. Handshakes and names are done on virtual threads.
final class Client extends HttpClient {
  /// After so long without a request a connection is closed, as the JDK's client does: the longer
  /// we wait, the likelier it was just closed over there, and the request is [Exchange.Unknown].
  static final Duration KEPT = Duration.ofSeconds(30);

  /// After so long without a connection a host is forgotten, and so is a certificate.
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  /// Room for a request line and its headers, or those of an answer; unit: bytes. Signed URLs of
  /// bills are long.
  private static final int HEAD_BYTES = 64 * 1024;

  /// What is kept of free buffers, on the heap and beside it; unit: bytes. More may be in use.
  private static final long FREE_BYTES = 4L * 1024 * 1024;

  private static final int FREE_BUFFERS = 256;

  /// What Jetty would do by itself with certain answers; none of it is wanted.
  private static final List<String> UNWANTED =
      List.of("redirect", "www-authenticate", "proxy-authenticate", "upgrade");

  private final Duration connect;

  /// @param connect until a connection stands: name, all addresses and TLS included
  /// @param usual for requests that show no certificate
  Client(Duration connect, Tls usual) {
    super(new Wire(new Connector(connect)));
    this.connect = connect;
    ExecutorService work =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("channels-", 0).factory());
    var threads = new QueuedThreadPool(4, 1);
    threads.setName("channels");
    threads.setReservedThreads(0);
    threads.setDaemon(true);
    threads.setStopTimeout(0);
    threads.setVirtualThreadsExecutor(work);
    var clock = new ScheduledExecutorScheduler("channels-clock", true);
    setExecutor(threads);
    setScheduler(clock);
    setByteBufferPool(
        new ArrayByteBufferPool(0, -1, HEAD_BYTES, FREE_BUFFERS, FREE_BYTES, FREE_BYTES));
    setSslContextFactory(usual);
    setSocketAddressResolver(new SocketAddressResolver.Async(work, clock, connect.toMillis()));
    setConnectTimeout(connect.toMillis());
    setIdleTimeout(KEPT.toMillis());
    setDestinationIdleTimeout(REMEMBERED.toMillis());
    // How many calls there are at a time is up to those who call: none waits for another here.
    setMaxConnectionsPerDestination(Integer.MAX_VALUE);
    setMaxRequestsQueuedPerDestination(Integer.MAX_VALUE);
    setMaxRequestHeadersSize(HEAD_BYTES);
    setMaxResponseHeadersSize(HEAD_BYTES);
    setUserAgentField(new HttpField(HttpHeader.USER_AGENT, "Yunfu"));
    setHttpCookieStore(new HttpCookieStore.Empty());
    setFollowRedirects(false);
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    UNWANTED.forEach(getProtocolHandlers()::remove);
    getContentDecoderFactories().clear();
  }

  @Override
  public void newConnection(Destination host, Promise<Connection> asked) {
    Attempt attempt = new Attempt(asked);
    attempt.limit = getScheduler().schedule(attempt, connect.toNanos(), TimeUnit.NANOSECONDS);
    super.newConnection(host, attempt);
  }

  /// What is on its way fails.
  @Override
  public void close() {
    LifeCycle.stop(this);
  }

  /// Not even read.
  @Override
  public void putCookie(URI from, HttpField cookie) {}

  /// No connection came about: no byte of any request has left on it.
  static final class NoConnection extends IOException {
    private static final long serialVersionUID = 1L;

    private final Throwable why;

    NoConnection(Throwable why) {
      super(why);
      this.why = why;
    }

    Throwable why() {
      return why;
    }
  }

  /// To open one connection in the time there is.
  private static final class Attempt implements Promise<Connection>, Runnable {
    private final AtomicBoolean decided = new AtomicBoolean();
    private final Promise<Connection> asked;
    private Scheduler.Task limit = () -> false;

    Attempt(Promise<Connection> asked) {
      this.asked = asked;
    }

    @Override
    public void run() {
      failed(new SocketTimeoutException());
    }

    @Override
    public void succeeded(Connection connection) {
      if (decided.compareAndSet(false, true)) {
        limit.cancel();
        asked.succeeded(connection);
      } else {
        connection.close();
      }
    }

    @Override
    public void failed(Throwable why) {
      if (decided.compareAndSet(false, true)) {
        limit.cancel();
        asked.failed(new NoConnection(why));
      }
    }
  }

  private static final class Connector extends ClientConnector {
    private final Duration connect;

    Connector(Duration connect) {
      this.connect = connect;
    }

    @Override
    public ClientConnectionFactory newSslClientConnectionFactory(
        SslContextFactory.Client tls, ClientConnectionFactory http) {
      return super.newSslClientConnectionFactory(
          tls,
          (endPoint, context) -> new Handshake(endPoint, getExecutor(), connect, http, context));
    }
  }

  private static final class Wire extends HttpClientTransportOverHTTP {
    Wire(ClientConnector connector) {
      super(connector);
      setInvocationType(InvocationType.NON_BLOCKING); // what listens to answers here only collects
    }

    @Override
    public Destination newDestination(Origin origin) {
      return new Host(getHttpClient(), origin);
    }
  }

  /// Where requests with one [Tls] go to.
  private static final class Host extends HttpDestination {
    Host(HttpClient client, Origin origin) {
      super(client, origin);
    }

    @Override
    public SslContextFactory.@Nullable Client resolveSslContextFactory() {
      return isSecure() ? (Tls) getOrigin().getTag() : null;
    }

    /// Of the requests that wait, Jetty would give up all. Each has asked for a connection of its
    /// own: given up are only as many as none is on its way for any more.
    @Override
    public void failed(Throwable why) {
      var pool = (AbstractConnectionPool) getConnectionPool();
      while (getQueuedRequestCount() > pool.getPendingConnectionCount()) {
        HttpExchange oldest = getHttpExchanges().poll();
        if (oldest != null) {
          var _ = oldest.getRequest().abort(why);
        }
      }
    }
  }
}
