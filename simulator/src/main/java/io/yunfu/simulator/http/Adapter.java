package io.yunfu.simulator.http;

import io.yunfu.simulator.seed.Draws;
import io.yunfu.simulator.seed.Seed;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Jetty's request made ours, and our answer Jetty's, or what a fault has left of it.
final class Adapter extends org.eclipse.jetty.server.Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(Adapter.class);

  /// Longer than any client of a channel waits; then the connection is given up.
  static final Duration LONGEST_SILENCE = Duration.ofMinutes(6);

  /// What neither channel ever gets near.
  private static final int BODY_BYTES = 4 * 1024 * 1024;

  private static final Duration WRITING = Duration.ofSeconds(60);
  private static final int HUGE_BYTES = 50 * 1024 * 1024;
  private static final int SMALL_CHUNK = 7;

  private static final List<Port> PORTS = List.of(Port.values());

  private final Map<Port, Door> doors;
  private final Draws ids;
  private final CountDownLatch closing;

  Adapter(Map<Port, Door> doors, Seed seed, CountDownLatch closing) {
    super(InvocationType.NON_BLOCKING);
    this.doors = Map.copyOf(doors);
    this.ids = seed.of("request id");
    this.closing = closing;
  }

  /// Runs on the thread that listens. Whoever may take long goes on elsewhere.
  @Override
  public boolean handle(Request in, Response out, Callback done) {
    Port listener = listenerOf(in);
    Door door = doors.get(listener);
    if (door == null) {
      return false;
    }
    var body =
        new ArrivingBody(
            in,
            BODY_BYTES,
            whole -> answer(in, out, done, listener, door, whole),
            done::failed); // the client broke off
    if (door.isQuick()) {
      body.run();
    } else {
      Thread.ofVirtual().name("request").start(body);
    }
    return true;
  }

  private void answer(
      Request in, Response out, Callback done, Port listener, Door door, byte[] body) {
    Transmission answer;
    try {
      answer =
          body.length > BODY_BYTES
              ? Transmission.of(Reply.of(413, "text/plain", "").with("Connection", "close"))
              : door.open(inboundOf(in, listener, body));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      done.failed(e);
      return;
    } catch (RuntimeException | Error e) {
      LOG.error("{} {} failed", in.getMethod(), in.getHttpURI().getPath(), e);
      answer = Transmission.of(Reply.of(500, "text/plain", "The simulator failed; see its log.\n"));
    }
    if (answer.manner() == Manner.WELL && !answer.delay().isPositive()) {
      whole(out, done, answer.reply());
      return;
    }
    Transmission later = answer;
    Thread.ofVirtual().name("answer").start(() -> send(in, out, done, later));
  }

  private static Port listenerOf(Request in) {
    String name = in.getConnectionMetaData().getConnector().getName();
    for (Port listener : PORTS) {
      if (listener.label().equals(name)) {
        return listener;
      }
    }
    throw new IllegalStateException("there is no listener " + name);
  }

  private Inbound inboundOf(Request in, Port listener, byte[] body) {
    List<Header> headers = new ArrayList<>(in.getHeaders().size());
    for (HttpField field : in.getHeaders()) {
      String value = field.getValue();
      headers.add(new Header(field.getName(), value == null ? "" : value));
    }
    String path = in.getHttpURI().getPath();
    return new Inbound(
        "r-" + ids.hex(16),
        listener,
        in.getMethod(),
        path == null ? "" : path,
        in.getHttpURI().getQuery(),
        headers,
        body,
        certificateOf(in));
  }

  private static Optional<X509Certificate> certificateOf(Request in) {
    EndPoint.SslSessionData session = endOf(in).getSslSessionData();
    X509Certificate[] chain = session == null ? null : session.peerCertificates();
    return chain == null || chain.length == 0 ? Optional.empty() : Optional.of(chain[0]);
  }

  /// Sends it; what the client does not take at once, Jetty sends when it does.
  private static void whole(Response out, Callback done, Reply reply) {
    head(out, reply, reply.body().length);
    out.write(true, ByteBuffer.wrap(reply.body()), done);
  }

  /// The same as late, or as badly, as is asked for; waits for it.
  private void send(Request in, Response out, Callback done, Transmission answer) {
    try {
      if (answer.delay().isPositive()
          && closing.await(answer.delay().toNanos(), TimeUnit.NANOSECONDS)) {
        reset(in, done);
        return;
      }
      Reply reply = answer.reply();
      switch (answer.manner()) {
        case WELL -> whole(out, done, reply);
        case SILENT -> {
          var _ = closing.await(LONGEST_SILENCE.toMillis(), TimeUnit.MILLISECONDS);
          reset(in, done);
        }
        case RESET -> reset(in, done);
        case TRUNCATED -> {
          head(out, reply, reply.body().length);
          write(out, false, Arrays.copyOf(reply.body(), reply.body().length / 2));
          endOf(in).close();
          done.failed(new IOException("cut short, as asked for"));
        }
        case SLOW -> {
          head(out, reply, reply.body().length);
          drip(out, reply.body());
          done.succeeded();
        }
        case CHUNKED -> {
          head(out, reply, -1);
          for (int i = 0; i < reply.body().length; i += SMALL_CHUNK) {
            int end = Math.min(reply.body().length, i + SMALL_CHUNK);
            write(out, false, Arrays.copyOfRange(reply.body(), i, end));
          }
          write(out, true, new byte[0]);
          done.succeeded();
        }
        case HUGE -> {
          head(out, reply, HUGE_BYTES + (long) reply.body().length);
          byte[] block = " ".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
          for (int sent = 0; sent < HUGE_BYTES; sent += block.length) {
            write(out, false, block);
          }
          write(out, true, reply.body());
          done.succeeded();
        }
      }
    } catch (IOException e) {
      done.failed(e); // the client has had enough
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      done.failed(e);
    }
  }

  private void drip(Response out, byte[] body) throws IOException, InterruptedException {
    for (int i = 0; i < body.length; i++) {
      write(out, i == body.length - 1, new byte[] {body[i]});
      if (closing.await(1, TimeUnit.SECONDS)) {
        throw new IOException("closing");
      }
    }
  }

  /// @param length negative: chunked
  private static void head(Response out, Reply reply, long length) {
    out.setStatus(reply.status());
    reply.headers().forEach(field -> out.getHeaders().add(field.name(), field.value()));
    if (length >= 0 && reply.status() != 204) {
      out.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
    }
  }

  private static void write(Response out, boolean last, byte[] bytes)
      throws IOException, InterruptedException {
    var written = new Callback.Completable();
    out.write(last, ByteBuffer.wrap(bytes), written);
    try {
      written.get(WRITING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the client did not take its answer", e);
    }
  }

  /// With nothing to linger for, the system sends RST instead of an orderly end.
  private static void reset(Request in, Callback done) {
    EndPoint end = endOf(in);
    try {
      EndPoint socket = end instanceof EndPoint.Wrapper wrapper ? wrapper.unwrap() : end;
      if (socket instanceof SocketChannelEndPoint channel) {
        channel.getChannel().setOption(StandardSocketOptions.SO_LINGER, 0);
      }
      socket.close();
    } catch (IOException e) {
      LOG.debug("the connection was gone already", e);
    }
    done.failed(new IOException("reset, as asked for"));
  }

  private static EndPoint endOf(Request in) {
    return in.getConnectionMetaData().getConnection().getEndPoint();
  }
}
