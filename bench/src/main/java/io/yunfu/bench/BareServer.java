package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.server.config.Configuration;
import io.yunfu.server.observe.Logging;
import io.yunfu.wire.tc3.Credentials;
import io.yunfu.wire.tc3.DecodedRequest;
import io.yunfu.wire.tc3.Limits;
import io.yunfu.wire.tc3.PublicHosts;
import io.yunfu.wire.tc3.ReceivedRequest;
import io.yunfu.wire.tc3.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// The least that a server of the billing API can do: Jetty, a virtual thread per request,
/// signature v3 verified by the wire module with a key in memory, and always the same answer. What
/// our server takes beyond its engine is held against this.
///
/// Reading the parameters is part of it, since the wire module verifies nothing that it could not
/// read.
final class BareServer extends Handler.Abstract {
  /// What it answers.
  static final byte[] ANSWER =
      "{\"Response\":{\"RequestId\":\"00000000-0000-4000-8000-000000000000\"}}"
          .getBytes(ISO_8859_1);

  private final Map<String, Secret> keys;

  private BareServer(Map<String, Secret> keys) {
    super(InvocationType.BLOCKING);
    this.keys = Map.copyOf(keys);
  }

  /// Listens on a free port of the loopback interface, and prints which.
  ///
  /// @param arguments a file with a line for each key: its id, a blank, its secret
  public static void main(String[] arguments) throws Exception {
    Logging.configure(
        new Configuration.Log(Configuration.LogLevel.WARN, Configuration.LogFormat.TEXT));
    Map<String, Secret> keys = new HashMap<>();
    for (String line : Files.readAllLines(Path.of(arguments[0]), UTF_8)) {
      String[] parts = line.split(" ", -1);
      keys.put(parts[0], Secret.of(parts[1]));
    }
    var threads = new QueuedThreadPool(16, 4);
    threads.setReservedThreads(0);
    threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
    var server = new Server(threads);
    server.setHandler(new BareServer(keys));
    var connector = new ServerConnector(server, 1, 1);
    connector.setHost("127.0.0.1");
    connector.setAcceptQueueSize(1024);
    server.addConnector(connector);
    server.start();
    System.out.println(connector.getLocalPort());
    server.join();
  }

  @Override
  public boolean handle(Request request, Response response, Callback done) throws IOException {
    ByteBuffer content = Content.Source.asByteBuffer(request);
    byte[] body = new byte[content.remaining()];
    content.get(body);
    boolean verified =
        isVerified(
            new ReceivedRequest(
                request.getMethod(),
                Objects.requireNonNullElse(request.getHttpURI().getPath(), ""),
                request.getHttpURI().getQuery(),
                request.getHeaders()::getValuesList,
                body));
    response.setStatus(verified ? 200 : 401);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, ANSWER.length);
    response.write(true, ByteBuffer.wrap(ANSWER), done);
    return true;
  }

  private boolean isVerified(ReceivedRequest request) {
    if (DecodedRequest.of(request, Limits.DEFAULTS).call().credentials()
        instanceof Credentials.Signed signed) {
      Secret secret = keys.get(signed.secretId());
      return secret != null && signed.isSignedWith(secret, PublicHosts.VENDOR, null);
    }
    return false;
  }
}
