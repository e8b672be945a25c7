package io.yunfu.simulator.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.AdminClient;
import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.http.Port;
import io.yunfu.simulator.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Requests outlive the memory's bound and the process.
class JournalTest {
  @TempDir Path directory;

  @Test
  void a_request_is_in_the_journal_with_its_bytes_its_text_and_the_verdict() throws Exception {
    try (var sandbox = start(5)) {
      call(sandbox, "order000001");
      JsonNode line = Json.read(Files.readAllLines(journal()).getFirst());
      assertThat(line.path("number").asString()).isEqualTo("order000001");
      assertThat(Base64.getDecoder().decode(line.path("body_base64").asString()))
          .isEqualTo(body("order000001").getBytes(java.nio.charset.StandardCharsets.UTF_8));
      assertThat(line.path("sign_text").asString())
          .isEqualTo(
              "appid=wx00000000000000aa&mch_id=1900000001&nonce_str=n&out_trade_no=order000001&sub_mch_id=1900000101");
      assertThat(line.path("verdict").asString()).isEqualTo("SIGNERROR");
      assertThat(line.path("answer").asString()).contains("签名错误");
    }
  }

  @Test
  void requests_that_the_memory_has_let_go_are_still_found_by_their_number() {
    try (var sandbox = start(1)) {
      call(sandbox, "order000001");
      call(sandbox, "order000002");
      assertThat(sandbox.requests().about("order000001")).isEmpty();
      assertThat(numbers(sandbox, "?number=order000001")).containsExactly("order000001");
      assertThat(numbers(sandbox, "")).containsExactly("order000002"); // as many as are kept
    }
  }

  @Test
  void the_next_run_goes_on_in_the_journal_also_behind_a_line_that_a_crash_has_cut_off()
      throws Exception {
    try (var sandbox = start(5)) {
      call(sandbox, "order000001");
    }
    Files.writeString(journal(), "{\"id\": \"half", StandardOpenOption.APPEND);
    try (var sandbox = start(5)) {
      call(sandbox, "order000002");
      assertThat(numbers(sandbox, "")).containsExactly("order000001", "order000002");
    }
  }

  @Test
  void a_reset_empties_the_journal() throws Exception {
    try (var sandbox = start(5)) {
      call(sandbox, "order000001");
      sandbox.reset();
      assertThat(journal()).isEmptyFile();
      call(sandbox, "order000002");
      assertThat(numbers(sandbox, "")).containsExactly("order000002");
    }
  }

  @Test
  void a_configuration_file_names_the_journal() {
    assertThat(SandboxSettings.read(Json.read("{\"journal\": \"a/b.jsonl\"}")).journal())
        .contains(Path.of("a", "b.jsonl"));
  }

  private Sandbox start(int kept) {
    return Sandbox.start(SandboxSettings.DEFAULT.withRequestsKept(kept).withJournal(journal()));
  }

  private Path journal() {
    return directory.resolve("new").resolve("requests.jsonl");
  }

  private static List<String> numbers(Sandbox sandbox, String query) {
    return new AdminClient(sandbox)
        .get("/_sim/requests" + query)
        .path("requests")
        .valueStream()
        .map(each -> each.path("number").asString())
        .toList();
  }

  private static String body(String number) {
    return ("<xml><appid>wx00000000000000aa</appid><mch_id>1900000001</mch_id>"
            + "<sub_mch_id>1900000101</sub_mch_id><nonce_str>n</nonce_str>"
            + "<out_trade_no>%s</out_trade_no><sign>0</sign></xml>")
        .formatted(number);
  }

  private static void call(Sandbox sandbox, String number) {
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create(sandbox.base(Port.WX_HTTP) + "/pay/orderquery"))
              .POST(HttpRequest.BodyPublishers.ofString(body(number)))
              .build();
      assertThat(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
          .isEqualTo(200);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
