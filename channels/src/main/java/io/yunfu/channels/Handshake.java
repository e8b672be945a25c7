package io.yunfu.channels;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.NegotiatingClientConnection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;

/// Shakes hands before HTTP may use a connection. Jetty by itself shakes hands with the first
/// request, whose content it has asked for by then: it could no longer be told whether a request
/// has left.
final class Handshake extends NegotiatingClientConnection implements SslHandshakeListener {
  private final long idle;

  /// @param endPoint inside TLS
  /// @param within after so long without a sign of the other side the connection is closed
  /// @param next what follows the handshake
  Handshake(
      EndPoint endPoint,
      Executor executor,
      Duration within,
      ClientConnectionFactory next,
      Map<String, Object> context) {
    super(endPoint, executor, (SSLEngine) context.get(SSLEngine.class.getName()), next, context);
    idle = endPoint.getIdleTimeout();
    endPoint.setIdleTimeout(within.toMillis());
    ((SslConnection.SslEndPoint) endPoint).getSslConnection().addHandshakeListener(this);
  }

  @Override
  public void handshakeSucceeded(Event event) {
    getEndPoint().setIdleTimeout(idle);
    completed("http/1.1");
  }
}
