package io.yunfu.channels;

import static io.yunfu.kernel.Check.require;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpMethod;

/// How the connectors call out: one POST over HTTP/1.1, with a deadline for the whole of it,
/// without redirects, without a proxy, and never repeated. What came of it is told apart as
/// strictly as money needs it: [Exchange.NotSent] is only said when it is proven.
///
/// The proof has two halves, and both must hold. The client failed while it was connecting (name,
/// connection, TLS), and it has not asked for the content of the request, which it does only once
/// the connection stands and before it writes; from then on it cannot get it any more. In TLS 1.3 a
/// server may refuse our certificate after the request has left: that is [Exchange.Unknown].
///
/// Source: `channels.md` sections 1.3 and 1.4. Safe for any number of threads.
public final class Transport implements AutoCloseable {
  private final Settings settings;
  private final Clients clients;

  /// How calls are made.
  ///
  /// @param connect until the connection stands: the host's name, all its addresses and TLS
  ///   included
  /// @param longestAnswer unit: bytes, once decoded
  /// @param authorities whom we believe who the channel is; empty: those of the JDK
  public record Settings(Duration connect, int longestAnswer, Optional<KeyStore> authorities) {
    /// Source: `channels.md` sections 1.4 and 9 (S2).
    public static final Settings DEFAULT =
        new Settings(Duration.ofSeconds(2), 1024 * 1024, Optional.empty());

    public Settings {
      require(connect.isPositive(), "the time to connect is positive");
      require(longestAnswer > 0, "an answer may have a length");
    }

    public Settings trusting(KeyStore others) {
      return new Settings(connect, longestAnswer, Optional.of(others));
    }
  }

  /// Connects to nothing yet.
  public Transport(Settings settings) {
    this.settings = settings;
    this.clients = new Clients(settings.connect(), settings.authorities());
  }

  /// Sends a request to its first target; to the next one only when it was not sent at all.
  public Exchange send(Post post) {
    return inTurn(post, () -> new Incoming.InMemory(settings.longestAnswer()));
  }

  /// The same for an answer that is a file: it is written where it is wanted, as it came, and the
  /// body of [Exchange.Answered] is empty.
  ///
  /// @param most of the file; unit: bytes. A longer one is [Exchange.Unknown]
  public Exchange download(Post post, Path into, long most) {
    return inTurn(post, () -> new Incoming.InFile(into, most, post.deadline()));
  }

  /// Fetches a file with a GET: without a redirect, like everything else.
  ///
  /// @param from may carry a token in its query: it is never logged
  public Exchange download(URI from, Deadline deadline, Path into, long most) {
    try {
      return exchange(
          clients.request(from, Optional.empty()),
          1,
          deadline,
          () -> false, // asking for a file does nothing, so nobody needs to know whether it left
          new Incoming.InFile(into, most, deadline));
    } catch (Clients.NoClient e) {
      return new Exchange.NotSent(from.getHost(), 1, e.why());
    }
  }

  @Override
  public void close() {
    clients.close();
  }

  private Exchange inTurn(Post post, Supplier<Incoming> incoming) {
    int tries = 0;
    Exchange last = new Exchange.NotSent("", 0, "there was no time left");
    for (URI target : post.targets()) {
      if (!(last instanceof Exchange.NotSent) || post.deadline().isOver()) {
        return last;
      }
      tries++;
      last = sendOnce(post, target, tries, incoming.get());
    }
    return last;
  }

  private Exchange sendOnce(Post post, URI target, int tries, Incoming incoming) {
    Request request;
    try {
      request = clients.request(target, post.certificate());
    } catch (Clients.NoClient e) {
      return new Exchange.NotSent(target.getHost(), tries, e.why());
    }
    OnceBody body = new OnceBody(post.contentType(), post.body());
    return exchange(
        request.method(HttpMethod.POST).body(body),
        tries,
        post.deadline(),
        body::withhold,
        incoming);
  }

  /// @param withhold whether the request has not left, and from now on never will
  private Exchange exchange(
      Request request, int tries, Deadline deadline, BooleanSupplier withhold, Incoming incoming) {
    String host = request.getHost();
    Throwable why;
    try {
      limit(request, deadline.left()).send(incoming);
      return answered(host, tries, incoming.await());
    } catch (ExecutionException e) {
      why = e.getCause() == null ? e : e.getCause();
    } catch (InterruptedException | InterruptedIOException e) {
      Thread.currentThread().interrupt();
      why = e;
    } catch (IOException e) {
      why = e.getCause() instanceof TimeoutException late ? late : e;
    } catch (TimeoutException e) {
      why = e;
    }
    boolean withheld = withhold.getAsBoolean();
    var _ = request.abort(why);
    return withheld && why instanceof Client.NoConnection
        ? new Exchange.NotSent(host, tries, describe(why))
        : new Exchange.Unknown(host, tries, describe(why));
  }

  /// For the whole of it; for a pause between two bytes only where the call may take longer than
  /// what is idle may stay.
  private static Request limit(Request request, Duration left) {
    long millis = left.toMillis() + 1; // none at all would be no limit
    if (left.compareTo(Client.KEPT) >= 0) {
      request.idleTimeout(2 * millis, TimeUnit.MILLISECONDS);
    }
    return request.timeout(millis, TimeUnit.MILLISECONDS);
  }

  private Exchange.Answered answered(String host, int tries, Incoming.Whole whole)
      throws IOException {
    byte[] body =
        switch (whole.contentEncoding()) {
          case "", "identity" -> whole.body();
          case "gzip", "x-gzip" -> unpacked(whole.body());
          default -> throw new IOException("the answer is encoded in an unknown way");
        };
    return new Exchange.Answered(host, tries, whole.status(), whole.contentType(), body);
  }

  /// We never ask for it; some proxy may do it all the same.
  private byte[] unpacked(byte[] body) throws IOException {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
      byte[] bytes = in.readNBytes(settings.longestAnswer());
      if (in.read() >= 0) {
        throw new IOException("the answer is too long once unpacked");
      }
      return bytes;
    }
  }

  /// In words that do not name the URL, which may carry a token in its query.
  private static String describe(Throwable error) {
    return switch (error) {
      case Client.NoConnection e -> describeNoConnection(e.why());
      case TimeoutException _ -> "no answer in time";
      case InterruptedException _, InterruptedIOException _ -> "the program ends";
      case SSLException e -> "TLS: " + e.getMessage();
      case EOFException _ -> "the exchange broke: the connection ended";
      case ClosedChannelException _ -> "the exchange broke: the connection was closed";
      case IOException e -> "the exchange broke: " + e.getMessage();
      case HttpResponseException _ -> "the exchange broke: what came is no answer of HTTP/1.1";
      default -> "the call failed: " + error.getClass().getSimpleName();
    };
  }

  private static String describeNoConnection(Throwable error) {
    return switch (error) {
      case SocketTimeoutException _, TimeoutException _ -> "no connection in time";
      case UnknownHostException _ -> "the host is not known";
      case SSLException e -> "TLS: " + e.getMessage();
      default -> "cannot connect";
    };
  }
}
