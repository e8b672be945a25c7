package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// Calls over HTTP where what comes back counts, and not how it was asked for.
final class Http implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  private final List<Reply> replies = new CopyOnWriteArrayList<>();

  record Reply(int status, String text) {
    JsonNode json() {
      return text.isEmpty() ? JSON.createObjectNode() : JSON.readTree(text);
    }

    /// What a call answers that goes well.
    JsonNode wellDone() {
      assertThat(status).as(text).isBetween(200, 299);
      return json();
    }
  }

  /// Sends JSON, if there is any.
  ///
  /// @param headers names and values in turn
  Reply send(String method, String url, String body, String... headers)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(Program.PATIENCE)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    var answer = client.send(request.build(), BodyHandlers.ofByteArray());
    var reply = new Reply(answer.statusCode(), new String(answer.body(), UTF_8));
    replies.add(reply);
    return reply;
  }

  /// All that has come back so far.
  List<Reply> replies() {
    return List.copyOf(replies);
  }

  @Override
  public void close() {
    client.close();
  }
}
