package io.yunfu.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.http.Port;
import io.yunfu.simulator.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/// Calls the admin API as a test or a script does.
public final class AdminClient {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI base;

  public AdminClient(Sandbox sandbox) {
    this.base = sandbox.base(Port.ADMIN);
  }

  public JsonNode get(String path) {
    return expect(200, request("GET", path, "", ""));
  }

  public JsonNode post(String path, String body) {
    HttpResponse<String> response = request("POST", path, body.replace('\'', '"'), "");
    assertThat(response.statusCode()).as(response.body()).isIn(200, 201);
    return Json.read(response.body());
  }

  /// Expects a complaint.
  public String refused(String method, String path, String body, int status) {
    return expect(status, request(method, path, body.replace('\'', '"'), ""))
        .path("error")
        .asString();
  }

  public JsonNode delete(String path) {
    return expect(200, request("DELETE", path, "", ""));
  }

  public HttpResponse<String> page(String path) {
    return request("GET", path, "", "");
  }

  public HttpResponse<String> form(String path, String form) {
    return request("POST", path, form, "application/x-www-form-urlencoded");
  }

  public HttpResponse<String> request(String method, String path, String body, String type) {
    return request(method, path, body, "Content-Type", type.isEmpty() ? "text/plain" : type);
  }

  public HttpResponse<String> request(String method, String path, String body, String... headers) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create(base + path))
              .timeout(Duration.ofMinutes(2))
              .headers(headers)
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode expect(int status, HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return Json.read(response.body());
  }
}
