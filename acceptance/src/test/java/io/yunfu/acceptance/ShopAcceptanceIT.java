package io.yunfu.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// The demo's shop, against the packaged demo with its simulated channels. Each test has a demo of
/// its own, since it pays the order that is too expensive for others, or starts it anew.
class ShopAcceptanceIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory = Scratch.directory();
  private final Path data = directory.resolve("data").resolve("demo");

  /// The story as a person meets it: in Chromium.
  @ParameterizedTest
  @ValueSource(strings = {"WeChat", "Alipay"})
  void a_visitor_pays_in_both_apps_and_tops_an_account_up_until_its_order_can_be_paid(
      String topUpWith) {
    try (Program program = DemoServer.start(directory)) {
      JsonNode demo = DemoServer.read(program, data);
      Browser.run(
          "shop.mjs",
          Map.of(
              "shop", demo.get("shop").asString(), "price", "¥100,000.00", "topUpWith", topUpWith));
      end(program);
    }
    requireBooksInOrder();
  }

  /// The simulator forgets its orders when it ends and the server does not; keys and credentials of
  /// both still fit each other, and no number of the first run comes again.
  @Test
  void a_second_demo_on_the_same_directory_takes_payments_as_the_first_did() throws Exception {
    for (int run = 1; run <= 2; run++) {
      try (Program program = DemoServer.start(directory);
          var client = HttpClient.newHttpClient()) {
        var visit = new Visit(client, DemoServer.read(program, data));
        for (String channel : List.of("wechat", "alipay")) {
          String number = visit.buy(channel);
          JsonNode sale = visit.paid(number);
          assertThat(sale.get("steps").valueStream().map(step -> step.get("name").asString()))
              .as("run %d, %s", run, channel)
              .containsExactly("called", "noticed");
        }
        end(program);
      }
    }
    requireBooksInOrder();
  }

  /// What the page does, without a page.
  private record Visit(HttpClient client, JsonNode demo) {
    /// Orders a coffee, and pays it as a user of the channel.
    String buy(String channel) throws IOException, InterruptedException {
      JsonNode begun =
          post(
              demo.get("shop").asString() + "sales",
              "{\"kind\": \"coffee\", \"channel\": \"%s\"}".formatted(channel));
      assertThat(begun.has("number")).as(begun.toString()).isTrue();
      JsonNode arguments = begun.get("arguments");
      String reference =
          arguments.has("tradeNO")
              ? arguments.get("tradeNO").asString()
              : arguments.get("package").asString().replace("prepay_id=", "");
      JsonNode paid =
          post(
              demo.get("simulator").asString() + "/_sim/pay",
              "{\"ref\": \"%s\", \"user\": \"alice\", \"action\": \"success\"}"
                  .formatted(reference));
      assertThat(paid.isObject()).as(paid.toString()).isTrue();
      return begun.get("number").asString();
    }

    /// The sale, once the shop knows that it was paid.
    JsonNode paid(String number) throws IOException, InterruptedException {
      long end = System.nanoTime() + Program.PATIENCE.toNanos();
      long seen = 0;
      while (System.nanoTime() < end) {
        // Answers as soon as there is something newer.
        JsonNode state = get(demo.get("shop").asString() + "state?after=" + seen);
        for (JsonNode sale : state.get("sales")) {
          if (sale.get("number").asString().equals(number)
              && sale.get("state").asString().equals("paid")) {
            return sale;
          }
        }
        seen = state.get("version").asLong();
      }
      throw new AssertionError("the shop never heard that " + number + " was paid");
    }

    private JsonNode post(String address, String body) throws IOException, InterruptedException {
      return sent(
          HttpRequest.newBuilder(URI.create(address))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private JsonNode get(String address) throws IOException, InterruptedException {
      return sent(HttpRequest.newBuilder(URI.create(address)));
    }

    private JsonNode sent(HttpRequest.Builder request) throws IOException, InterruptedException {
      return JSON.readTree(client.send(request.build(), BodyHandlers.ofByteArray()).body());
    }
  }

  private static void end(Program program) {
    program.terminate();
    Program.Ended ended = program.ended();
    assertThat(ended.status()).as(ended.err()).isZero();
  }

  /// What the shop was told is true in the books, too.
  private void requireBooksInOrder() {
    Program.Ended audit =
        Program.run(directory, Program.withCells(Map.of()), "verify", "--data", data.toString());
    assertThat(audit.status()).as("%s%s", audit.out(), audit.err()).isZero();
  }
}
