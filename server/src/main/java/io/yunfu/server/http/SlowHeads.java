package io.yunfu.server.http;

import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;

/// Closes connections whose request head takes too long. The idle timeout does not see them, since
/// every byte that trickles in begins it anew; the time of a body is bounded where bodies are read.
final class SlowHeads {
  private final List<ServerConnector> connectors;
  private final Duration timeout;
  private @Nullable Thread looking;

  SlowHeads(List<ServerConnector> connectors, Duration timeout) {
    this.connectors = List.copyOf(connectors);
    this.timeout = timeout;
  }

  void start() {
    looking = Thread.ofVirtual().name("slow-heads").start(this::look);
  }

  void stop() {
    Thread thread = looking;
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void look() {
    Duration pause = timeout.dividedBy(4);
    try {
      while (true) {
        Thread.sleep(pause);
        for (ServerConnector connector : connectors) {
          for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            if (isLate(endPoint)) {
              endPoint.close();
            }
          }
        }
      }
    } catch (InterruptedException e) {
      // stopped
    }
  }

  private boolean isLate(EndPoint endPoint) {
    Connection connection = endPoint.getConnection();
    if (connection instanceof SslConnection ssl) {
      connection = ssl.getSslEndPoint().getConnection();
    }
    if (!(connection instanceof HttpConnection http)) {
      return false;
    }
    if (http.getBytesIn() == 0) { // not even the handshake is done, or nothing was asked since
      return System.currentTimeMillis() - endPoint.getCreatedTimeStamp() > timeout.toMillis();
    }
    HttpParser parser = http.getParser();
    return parser.inHeaderState()
        && !parser.isStart()
        && System.nanoTime() - parser.getBeginNanoTime() > timeout.toNanos();
  }
}
