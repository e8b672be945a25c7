package io.yunfu.billing.delivery;

import io.yunfu.kernel.PrivateAddresses;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Calls providers over HTTP/1.1: signed, without redirects, without a proxy, bounded in time and
/// size. One for the whole node; it keeps connections.
///
/// That the answer is the provider's is TLS's business; over plain http it is not proven.
///
/// **Private addresses.** Unless they are allowed, every address that the host's name stands for is
/// looked at before each call. The JDK's client looks the name up again when it connects; both look
/// into the JVM's cache (`networkaddress.cache.ttl`, 30 s by default), so a name that changes
/// between the two is used with its new address only if the cached one runs out at that very
/// moment. A server whose operators cannot be trusted with that needs a firewall as well.
public final class HttpProviderCalls implements ProviderCalls, AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final boolean allowPrivateTargets;
  private final Clock clock;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final ReentrantLock opening = new ReentrantLock();

  /// Made for the first call: reading the authorities it trusts takes a good part of a start, and
  /// an installation without such providers never needs them.
  private volatile @Nullable HttpClient client;

  /// Connects to nothing yet.
  ///
  /// @param allowPrivateTargets whether providers may be on this machine or its network
  public HttpProviderCalls(boolean allowPrivateTargets, Clock clock) {
    this.allowPrivateTargets = allowPrivateTargets;
    this.clock = clock;
  }

  @Override
  public ProviderAnswer call(ProviderEndpoint endpoint, ProviderRequest request, int attempt) {
    long deadline = System.nanoTime() + endpoint.timeout().toNanos();
    try {
      var objection = ProviderUrl.objection(endpoint.url());
      if (objection.isEmpty() && !allowPrivateTargets) {
        objection = within(deadline, executor.submit(lookAt(endpoint.url().getHost())));
      }
      if (objection.isPresent()) {
        return new ProviderAnswer.Unknown("Not called: " + objection.get());
      }
      var sent =
          client()
              .sendAsync(
                  signed(endpoint, request, attempt),
                  HttpResponse.BodyHandlers.limiting(
                      HttpResponse.BodyHandlers.ofByteArray(), ProviderProtocol.LONGEST_ANSWER));
      var response = within(deadline, sent);
      return ProviderProtocol.read(
          response.statusCode(), response.body(), response.headers().firstValue("Retry-After"));
    } catch (TimeoutException e) {
      return new ProviderAnswer.Unknown(
          "No answer within " + endpoint.timeout().toMillis() + " ms");
    } catch (ExecutionException e) {
      return new ProviderAnswer.Unknown(describe(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new ProviderAnswer.Abandoned();
    }
  }

  /// Ends all calls.
  @Override
  public void close() {
    HttpClient made = client;
    if (made != null) {
      made.shutdownNow();
    }
    executor.shutdownNow();
  }

  private HttpClient client() {
    HttpClient made = client;
    if (made != null) {
      return made;
    }
    opening.lock();
    try {
      made = client;
      if (made == null) {
        made =
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(executor)
                .build();
        client = made;
      }
      return made;
    } finally {
      opening.unlock();
    }
  }

  private HttpRequest signed(ProviderEndpoint endpoint, ProviderRequest request, int attempt) {
    byte[] body = ProviderProtocol.body(request);
    return HttpRequest.newBuilder(endpoint.url())
        .header("Content-Type", "application/json; charset=utf-8")
        .header("Accept", "application/json")
        .header("User-Agent", "Yunfu")
        .header(ProviderProtocol.IDEMPOTENCY_KEY, request.deal().value())
        .header(ProviderProtocol.ATTEMPT, Integer.toString(attempt))
        .header(
            ProviderProtocol.SIGNATURE,
            ProviderProtocol.signature(endpoint.secret(), clock.instant(), body))
        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
        .build();
  }

  /// Waits for the rest of the call's time, and ends what has not come by then.
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
          return Optional.of(
              "its host is at a private address; see delivery.allow-private-targets");
        }
      }
      return Optional.empty();
    };
  }

  /// In words that name neither the URL, which may carry a token in its query, nor any secret.
  private static String describe(ExecutionException error) {
    return switch (error.getCause()) {
      case null -> "The call failed";
      case UnknownHostException _ -> "The provider's host is not known";
      case ConnectException _ -> "Cannot connect to the provider";
      case SSLException e -> "TLS: " + e.getMessage();
      case IOException e -> "The exchange broke: " + e.getMessage();
      case Throwable e -> "The call failed: " + e.getClass().getSimpleName();
    };
  }
}
