package io.yunfu.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Sends requests. Each is sent once: whether to repeat one that changes something is a person's
/// decision. Follows no redirection, which would carry the token elsewhere.
final class AdminClient {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();
  private final Settings settings;
  private final String base;

  /// @param base what comes between the server's address and an operation's path
  AdminClient(Settings settings, String base) {
    this.settings = settings;
    this.base = base;
  }

  Answer send(Request request) {
    String server = settings.server().toString();
    boolean read = request.operation().isRead();
    Future<HttpResponse<byte[]>> response =
        http.sendAsync(spelt(request), BodyHandlers.ofByteArray());
    try {
      // From the first byte sent to the last one received.
      HttpResponse<byte[]> whole =
          response.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
      return Answer.of(whole.statusCode(), new String(whole.body(), UTF_8), read, server);
    } catch (TimeoutException e) {
      response.cancel(true);
      return unanswered(
          read,
          "%s has not answered within %d s.".formatted(server, settings.timeout().toSeconds()));
    } catch (ExecutionException e) {
      return failed(e.getCause(), read, server);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unanswered(read, "It was interrupted.");
    }
  }

  private static Answer failed(@Nullable Throwable why, boolean read, String server) {
    return switch (why) {
      case ConnectException e ->
          new Answer.NotReached("%s cannot be reached: is it running?".formatted(server));
      case HttpConnectTimeoutException e ->
          new Answer.NotReached("%s does not take a connection.".formatted(server));
      // A server whose certificate is not trusted has seen no request.
      case SSLHandshakeException e ->
          new Answer.NotReached("No secure connection to %s: %s".formatted(server, e.getMessage()));
      case IOException e ->
          unanswered(read, "%s broke the connection: %s".formatted(server, e.getMessage()));
      case null, default -> throw new IllegalStateException(why);
    };
  }

  private static Answer unanswered(boolean read, String why) {
    return read ? new Answer.NotReached(why) : new Answer.Unknown(why);
  }

  private HttpRequest spelt(Request request) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(settings.server() + base + request.target()))
            .header("Authorization", "Bearer " + settings.token().value())
            .header("Accept", "application/json")
            .header("Accept-Language", settings.language())
            .header("User-Agent", "yunfu-admin");
    request.idempotencyKey().ifPresent(key -> builder.header("Idempotency-Key", key));
    if (request.body().isPresent()) {
      JsonNode body = request.body().get();
      builder.header("Content-Type", "application/json");
      return builder
          .method(request.operation().method(), BodyPublishers.ofString(Json.compact(body), UTF_8))
          .build();
    }
    return builder.method(request.operation().method(), BodyPublishers.noBody()).build();
  }
}
