package io.yunfu.db;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// A cable between a program and its database that a test can cut at the worst moment: a proxy on
/// loopback. Give it one connection at a time (`withPoolSize(1)`) where the moment matters.
public final class CutCable implements AutoCloseable {
  private enum Cut {
    NEVER,
    BEFORE_REQUEST,
    BEFORE_ANSWER
  }

  private final DatabaseSettings target;
  private final int port;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicReference<Cut> next = new AtomicReference<>(Cut.NEVER);
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile CountDownLatch frozen = new CountDownLatch(0);
  private volatile ServerSocket listener;

  public CutCable(DatabaseSettings target) {
    this.target = target;
    this.listener = listen(0);
    this.port = listener.getLocalPort();
    accept(listener);
  }

  /// The same database, at the other end of the cable.
  public DatabaseSettings settings() {
    return target.withUrl(target.url().replaceFirst("//[^/]*/", "//127.0.0.1:" + port + "/"));
  }

  /// Cuts all connections and refuses new ones.
  public void unplug() throws IOException {
    listener.close();
    cut();
  }

  public void plugIn() {
    listener = listen(port);
    accept(listener);
  }

  /// The next request does not reach the database, and the connection breaks.
  public void cutBeforeNextRequest() {
    next.set(Cut.BEFORE_REQUEST);
  }

  /// The same, and nothing can connect any more.
  public void cutForGoodBeforeNextRequest() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cutBeforeNextRequest();
  }

  /// The next request reaches the database, but its answer does not come back: the connection
  /// breaks.
  public void cutBeforeNextAnswer() {
    next.set(Cut.BEFORE_ANSWER);
  }

  /// From now on connections are accepted and stay, but nothing passes in either direction: a
  /// network that swallows packets, or a server that hangs.
  public void freeze() {
    frozen = new CountDownLatch(1);
  }

  /// Lets pass what was held up, and all that follows.
  public void thaw() {
    frozen.countDown();
  }

  /// How many connections the program has made, so far.
  public int connections() {
    return connections.get();
  }

  /// How many times the program has sent something, so far.
  public int requests() {
    return requests.get();
  }

  @Override
  public void close() throws IOException {
    thaw();
    unplug();
  }

  private static ServerSocket listen(int port) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket from) {
    URI uri = URI.create(target.url().substring("jdbc:".length()));
    Thread.ofVirtual()
        .start(() -> {
          while (!from.isClosed()) {
            try {
              Socket client = from.accept();
              connections.incrementAndGet();
              Socket server = new Socket(uri.getHost(), uri.getPort());
              sockets.addAll(List.of(client, server));
              Thread.ofVirtual().start(() -> requests(client, server));
              Thread.ofVirtual().start(() -> answers(client, server));
            } catch (IOException e) {
              // Closed, or there is no database.
            }
          }
        });
  }

  private void requests(Socket client, Socket server) {
    pump(
        client,
        server,
        () -> {
          requests.incrementAndGet();
          return !next.compareAndSet(Cut.BEFORE_REQUEST, Cut.NEVER);
        });
  }

  private void answers(Socket client, Socket server) {
    pump(server, client, () -> !next.compareAndSet(Cut.BEFORE_ANSWER, Cut.NEVER));
  }

  private interface Gate {
    boolean letsPass();
  }

  private void pump(Socket from, Socket to, Gate gate) {
    byte[] buffer = new byte[1 << 16];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length; (length = in.read(buffer)) > 0; ) {
        frozen.await();
        if (!gate.letsPass()) {
          return;
        }
        out.write(buffer, 0, length);
      }
    } catch (IOException e) {
      // Cut.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does that
    } finally {
      sockets.removeAll(List.of(from, to));
    }
  }

  private void cut() {
    for (Socket socket : new ArrayList<>(sockets)) {
      try {
        socket.close();
      } catch (IOException e) {
        // It is closed.
      }
    }
  }
}
