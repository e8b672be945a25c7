package io.yunfu.channels;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;

/// A bare socket on the other side, which behaves as it is told, and remembers each whole request.
final class Peer implements AutoCloseable {
  /// What it does with a connection.
  interface Manner {
    void meet(Peer peer, Socket connection) throws IOException, InterruptedException;
  }

  private final ServerSocket socket;
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);

  private Peer(ServerSocket socket, Manner manner) {
    this.socket = socket;
    Thread.ofVirtual().start(() -> accept(manner));
  }

  static Peer that(Manner manner) {
    try {
      return new Peer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), manner);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Over TLS.
  ///
  /// @param clients whose certificates it demands; empty: it demands none
  static Peer secure(KeyStore own, String password, List<KeyStore> clients, Manner manner)
      throws GeneralSecurityException, IOException {
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, password.toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    if (!clients.isEmpty()) {
      trust.init(clients.getFirst());
    }
    tls.init(keys.getKeyManagers(), clients.isEmpty() ? null : trust.getTrustManagers(), null);
    var socket =
        (SSLServerSocket)
            tls.getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    socket.setNeedClientAuth(!clients.isEmpty());
    return new Peer(socket, manner);
  }

  /// Reads the request and answers with these bytes, then ends the connection.
  static Manner answering(String bytes) {
    return (peer, connection) -> {
      peer.read(connection);
      connection.getOutputStream().write(bytes.getBytes(ISO_8859_1));
      connection.close();
    };
  }

  /// A whole answer with status 200.
  static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(body.length(), body);
  }

  URI base() {
    String scheme = socket instanceof SSLServerSocket ? "https" : "http";
    return URI.create(scheme + "://localhost:" + socket.getLocalPort());
  }

  List<String> requests() {
    return requests;
  }

  int connections() {
    return connections.size();
  }

  /// Until the test is over.
  void stall() throws InterruptedException {
    end.await();
  }

  /// Reads one request with its content.
  void read(Socket connection) throws IOException {
    InputStream in = connection.getInputStream();
    var text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the request ended early");
      }
      text.append((char) next);
    }
    int length =
        text.toString()
            .lines()
            .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
            .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
            .findFirst()
            .orElse(0);
    text.append(new String(in.readNBytes(length), ISO_8859_1));
    requests.add(text.toString());
  }

  @Override
  public void close() throws IOException {
    end.countDown();
    socket.close();
    for (Socket connection : connections) {
      connection.close();
    }
  }

  private void accept(Manner manner) {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        connections.add(connection);
        Thread.ofVirtual()
            .start(() -> {
              try (connection) {
                manner.meet(this, connection);
              } catch (IOException | InterruptedException e) {
                // The other side went away, which is what some tests are about.
              }
            });
      } catch (IOException e) {
        return; // closed
      }
    }
  }
}
