package io.yunfu.gateway.notice;

import io.yunfu.kernel.PrivateAddresses;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/// Sends notices over HTTP/1.1: without redirects, without a proxy, bounded in time and size.
///
/// Unless private targets are allowed, only https is used, and every address that the host's name
/// stands for is looked at before each call. The JDK's client connects to what is in the JVM's own
/// cache of names then, which a name that changes meanwhile cannot reach.
public final class NoticeCalls implements AutoCloseable {
  /// Source: `cloudpay.md` section 2.20.
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  private static final Duration LONGEST = Duration.ofSeconds(10);

  /// More than any acknowledgement; unit: bytes.
  private static final int LONGEST_ANSWER = 64 * 1024;

  private final boolean allowPrivateTargets;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .proxy(HttpClient.Builder.NO_PROXY)
          .connectTimeout(CONNECT_TIMEOUT)
          .executor(executor)
          .build();

  /// Connects to nothing yet.
  ///
  /// @param allowPrivateTargets whether merchants may be on this machine or its network, and be
  ///   told over plain http
  public NoticeCalls(boolean allowPrivateTargets) {
    this.allowPrivateTargets = allowPrivateTargets;
  }

  /// An answer, or why there is none.
  ///
  /// @param status 0 when there is none
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(int status, byte[] body, String trouble) {
    private static final byte[] NOTHING = {};

    static Answer none(String trouble) {
      return new Answer(0, NOTHING, trouble);
    }

    @Override
    public String toString() {
      return status + " " + trouble;
    }
  }

  /// What is wrong with a URL that notices are to go to; empty when nothing is.
  public static Optional<String> objection(URI url, boolean allowPrivateTargets) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !(allowPrivateTargets && scheme.equals("http"))) {
      return Optional.of("begins with https://");
    }
    if (url.getHost() == null || url.getHost().isEmpty() || url.getRawUserInfo() != null) {
      return Optional.of("names a host, and no user");
    }
    return url.getRawFragment() == null ? Optional.empty() : Optional.of("has no fragment");
  }

  Answer send(URI url, byte[] body) {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    try {
      var objection = objection(url, allowPrivateTargets).map(what -> "A callback URL " + what);
      if (objection.isEmpty() && !allowPrivateTargets) {
        objection = within(deadline, executor.submit(lookAt(url.getHost())));
      }
      if (objection.isPresent()) {
        return Answer.none("Not sent: " + objection.get());
      }
      HttpRequest request =
          HttpRequest.newBuilder(url)
              .header("Content-Type", "application/json; charset=utf-8")
              .header("User-Agent", "Yunfu")
              .POST(HttpRequest.BodyPublishers.ofByteArray(body))
              .build();
      var response =
          within(
              deadline,
              client.sendAsync(
                  request,
                  HttpResponse.BodyHandlers.limiting(
                      HttpResponse.BodyHandlers.ofByteArray(), LONGEST_ANSWER)));
      return new Answer(response.statusCode(), response.body(), "");
    } catch (TimeoutException e) {
      return Answer.none("No answer within " + LONGEST.toSeconds() + " s");
    } catch (ExecutionException e) {
      return Answer.none(describe(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.none("The program ends");
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    executor.shutdownNow();
  }

  private static <T> T within(long deadline, Future<T> future)
      throws TimeoutException, ExecutionException, InterruptedException {
    try {
      return future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } finally {
      future.cancel(true);
    }
  }

  private static Callable<Optional<String>> lookAt(String host) {
    return () -> {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (PrivateAddresses.isPrivate(address)) {
          return Optional.of("its host is at a private address");
        }
      }
      return Optional.empty();
    };
  }

  /// In words that do not name the URL, which may carry a token in its query.
  private static String describe(ExecutionException error) {
    return switch (error.getCause()) {
      case null -> "The call failed";
      case UnknownHostException _ -> "The host is not known";
      case ConnectException _ -> "Cannot connect";
      case SSLException e -> "TLS: " + e.getMessage();
      case IOException e -> "The exchange broke: " + e.getMessage();
      case Throwable e -> "The call failed: " + e.getClass().getSimpleName();
    };
  }
}
