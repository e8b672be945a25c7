package io.yunfu.channels;

import static io.yunfu.kernel.Check.require;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLException;

/// How the connectors call out: one POST over HTTP/1.1, with a deadline for the whole of it,
/// without redirects, without a proxy, and never repeated. What came of it is told apart as
/// strictly as money needs it: [Exchange.NotSent] is only said when it is proven.
///
/// The proof has two halves, and both must hold. The client failed while it was connecting (name,
/// connection, TLS), and it has not asked for the content of the request, which it does only once
/// the connection stands; from then on it cannot get it any more. In TLS 1.3 a server may refuse
/// our certificate after the request has left: that is [Exchange.Unknown].
///
/// Source: `channels.md` sections 1.3 and 1.4. Safe for any number of threads.
public final class Transport implements AutoCloseable {
  private final Settings settings;
  private final Clients clients;

  /// How calls are made.
  ///
  /// @param connect until the connection stands, TLS included
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
    int tries = 0;
    Exchange last = new Exchange.NotSent("", 0, "there was no time left");
    for (URI target : post.targets()) {
      if (!(last instanceof Exchange.NotSent) || post.deadline().isOver()) {
        return last;
      }
      tries++;
      last = sendOnce(post, target, tries);
    }
    return last;
  }

  /// The same for an answer that is a file: it is written where it is wanted, as it came, and the
  /// body of [Exchange.Answered] is empty.
  ///
  /// @param most of the file; unit: bytes. A longer one is [Exchange.Unknown]
  public Exchange download(Post post, Path into, long most) {
    int tries = 0;
    Exchange last = new Exchange.NotSent("", 0, "there was no time left");
    for (URI target : post.targets()) {
      if (!(last instanceof Exchange.NotSent) || post.deadline().isOver()) {
        return last;
      }
      tries++;
      last = sendOnce(post, target, tries, toFile(into, most), Transport::downloaded);
    }
    return last;
  }

  /// Fetches a file with a GET: without a redirect, like everything else.
  ///
  /// @param from may carry a token in its query: it is never logged
  public Exchange download(URI from, Deadline deadline, Path into, long most) {
    HttpRequest request = HttpRequest.newBuilder(from).header("User-Agent", "Yunfu").GET().build();
    try {
      return exchange(
          clients.of(Optional.empty()),
          request,
          1,
          deadline,
          () -> false, // asking for a file does nothing, so nobody needs to know whether it left
          toFile(into, most),
          Transport::downloaded);
    } catch (Clients.CertificateUnfit e) {
      throw new IllegalStateException("no certificate was asked for", e);
    }
  }

  private static BodyHandler<Path> toFile(Path into, long most) {
    return BodyHandlers.limiting(
        BodyHandlers.ofFile(
            into,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING),
        most);
  }

  @Override
  public void close() {
    clients.close();
  }

  private Exchange sendOnce(Post post, URI target, int tries) {
    return sendOnce(
        post,
        target,
        tries,
        BodyHandlers.limiting(BodyHandlers.ofByteArray(), settings.longestAnswer()),
        this::answered);
  }

  /// Makes an answer of what came.
  private interface Taking<T> {
    Exchange.Answered take(String host, int tries, HttpResponse<T> response) throws IOException;
  }

  private <T> Exchange sendOnce(
      Post post, URI target, int tries, BodyHandler<T> handler, Taking<T> taking) {
    HttpClient client;
    try {
      client = clients.of(post.certificate());
    } catch (Clients.CertificateUnfit e) {
      return new Exchange.NotSent(target.getHost(), tries, e.why());
    }
    OnceBody body = new OnceBody(post.body());
    HttpRequest request =
        HttpRequest.newBuilder(target)
            .header("Content-Type", post.contentType())
            .header("User-Agent", "Yunfu")
            .POST(body)
            .build();
    return exchange(client, request, tries, post.deadline(), body::withhold, handler, taking);
  }

  /// @param withhold whether the request has not left, and from now on never will
  private static <T> Exchange exchange(
      HttpClient client,
      HttpRequest request,
      int tries,
      Deadline deadline,
      BooleanSupplier withhold,
      BodyHandler<T> handler,
      Taking<T> taking) {
    String host = request.uri().getHost();
    var future = client.sendAsync(request, handler);
    try {
      return taking.take(host, tries, future.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return new Exchange.Unknown(host, tries, "no answer in time");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return isOfConnecting(cause) && withhold.getAsBoolean()
          ? new Exchange.NotSent(host, tries, describe(cause))
          : new Exchange.Unknown(host, tries, describe(cause));
    } catch (IOException e) {
      return new Exchange.Unknown(host, tries, describe(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Exchange.Unknown(host, tries, "the program ends");
    } finally {
      boolean _ = withhold.getAsBoolean();
      future.cancel(true);
    }
  }

  private static Exchange.Answered downloaded(String host, int tries, HttpResponse<Path> response) {
    return new Exchange.Answered(
        host,
        tries,
        response.statusCode(),
        response.headers().firstValue("Content-Type").orElse(""),
        new byte[0]);
  }

  private Exchange.Answered answered(String host, int tries, HttpResponse<byte[]> response)
      throws IOException {
    byte[] body =
        switch (response.headers().firstValue("Content-Encoding").orElse("identity")) {
          case "identity" -> response.body();
          case "gzip", "x-gzip" -> unpacked(response.body());
          default -> throw new IOException("the answer is encoded in an unknown way");
        };
    return new Exchange.Answered(
        host,
        tries,
        response.statusCode(),
        response.headers().firstValue("Content-Type").orElse(""),
        body);
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

  private static boolean isOfConnecting(Throwable cause) {
    return cause instanceof ConnectException
        || cause instanceof HttpConnectTimeoutException
        || cause instanceof UnknownHostException
        || cause instanceof SSLException;
  }

  /// In words that do not name the URL, which may carry a token in its query.
  private static String describe(Throwable error) {
    return switch (error) {
      case HttpConnectTimeoutException _ -> "no connection in time";
      case UnknownHostException _ -> "the host is not known";
      case ConnectException e -> isUnresolved(e) ? "the host is not known" : "cannot connect";
      case SSLException e -> "TLS: " + e.getMessage();
      case IOException e -> "the exchange broke: " + e.getMessage();
      default -> "the call failed: " + error.getClass().getSimpleName();
    };
  }

  /// The client wraps it once or twice.
  private static boolean isUnresolved(Throwable error) {
    Throwable cause = error.getCause();
    return cause instanceof UnresolvedAddressException
        || (cause instanceof ConnectException && isUnresolved(cause));
  }
}
