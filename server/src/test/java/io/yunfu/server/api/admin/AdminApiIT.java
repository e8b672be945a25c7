package io.yunfu.server.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.Cells;
import io.yunfu.db.CutCable;
import io.yunfu.db.TestDatabase;
import io.yunfu.operator.Operator;
import io.yunfu.server.api.admin.AdminWorld.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What all operations share: who is let in, what a request has to look like, how an error is told.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdminApiIT {
  private final AdminWorld world = new AdminWorld();

  @AfterAll
  void close() {
    world.close();
  }

  private static List<String> fields(Answer answer) {
    return answer
        .at("/error/mistakes")
        .valueStream()
        .map(each -> each.get("field").asString())
        .toList();
  }

  @Test
  void without_a_token_nothing_is_reachable() {
    long before = world.changes();
    for (Area area : world.operations.areas()) {
      for (Operation operation : area.operations()) {
        String path = operation.path().toString().replaceAll("\\{\\w+}", "1");
        for (String header : List.of("", "Bearer ", "Bearer wrong", "Basic YTpi", world.token)) {
          String[] headers =
              header.isEmpty() ? new String[0] : new String[] {"Authorization", header};
          Answer answer = world.sendAs(operation.method().name(), path, "", headers);
          assertThat(answer.status()).as("%s %s", operation, header).isIn(401, 429);
          world.nanos.addAndGet(Doorkeeper.WINDOW.toNanos());
        }
      }
    }
    assertThat(world.changes()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/",
    "GET,/nowhere",
    "OPTIONS,/accounts",
    "HEAD,/accounts",
    "TRACE,/accounts",
    "GET,/openapi.json",
    "GET,/accounts/%"
  })
  void without_a_token_nobody_learns_which_paths_there_are(String method, String path) {
    Answer answer = world.sendAs(method, path.replace("%", "%25"), "");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("www-authenticate")).isEqualTo("Bearer realm=\"yunfu admin\"");
    assertThat(answer.header("allow")).isEmpty();
  }

  @Test
  void both_kinds_of_token_open_the_door_and_the_log_says_whose() {
    assertThat(world.get("/accounts").status()).isEqualTo(200);
    assertThat(world.log.getLast().user()).isEqualTo("ann");
    Answer answer =
        world.sendAs("GET", "/accounts", "", "Authorization", "bearer " + AdminWorld.CONFIGURED);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(world.log.getLast().user()).isEqualTo("(admin.token)");
    assertThat(
            world
                .sendAs(
                    "GET",
                    "/accounts",
                    "",
                    "Authorization",
                    "Bearer " + world.token,
                    "Authorization",
                    "Bearer " + world.token)
                .status())
        .isEqualTo(401);
  }

  @Test
  void a_revoked_token_opens_nothing() {
    String token = world.tokens.create(new Operator("test", "test"), "leaver").orThrow();
    assertThat(world.sendAs("GET", "/accounts", "", "Authorization", "Bearer " + token).status())
        .isEqualTo(200);
    world.tokens.revoke(new Operator("test", "test"), "leaver").orThrow();
    assertThat(world.sendAs("GET", "/accounts", "", "Authorization", "Bearer " + token).status())
        .isEqualTo(401);
  }

  @Test
  void who_guesses_is_made_to_wait_and_the_right_token_too() {
    world.nanos.addAndGet(Doorkeeper.WINDOW.toNanos());
    for (int i = 0; i < Doorkeeper.MOST_FAILURES; i++) {
      assertThat(world.sendAs("GET", "/accounts", "", "Authorization", "Bearer guess" + i).status())
          .isEqualTo(401);
    }
    Answer answer = world.get("/accounts");
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.header("retry-after")).isEqualTo("60");
    world.nanos.addAndGet(Doorkeeper.WINDOW.toNanos());
    assertThat(world.get("/accounts").status()).isEqualTo(200);
  }

  @Test
  void from_an_address_that_is_not_allowed_the_token_does_not_help() {
    try (var fenced =
        new AdminWorld(TestDatabase.cells(), Map.of("admin.allowed-addresses", "10.0.0.0/8"))) {
      assertThat(fenced.get("/accounts").status()).isEqualTo(403);
      assertThat(fenced.get("/accounts").code()).isEqualTo("AddressNotAllowed");
    }
  }

  @Test
  void an_error_finds_the_line_of_the_log() {
    Answer answer = world.get("/accounts/7");
    assertThat(answer.text("/error/requestId")).isEqualTo(answer.header("x-request-id"));
    assertThat(world.log.getLast().requestId()).isEqualTo(answer.header("x-request-id"));
    assertThat(world.log.getLast().code()).isEqualTo("NoSuchAccount");
    assertThat(world.log.getLast().status()).isEqualTo(404);
  }

  @Test
  void all_mistakes_are_told_at_once_each_with_its_field() {
    long before = world.changes();
    Answer answer =
        world.post(
            "/accounts",
            "{\"uin\":5,\"name\":\"a\\nb\",\"certification\":\"maybe\",\"cell\":1000,\"colour\":1}");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("InvalidRequest");
    assertThat(fields(answer))
        .containsExactlyInAnyOrder("colour", "uin", "name", "edition", "certification", "cell");
    assertThat(answer.text("/error/field")).isEqualTo("colour");
    assertThat(answer.text("/error/message")).isEqualTo("colour is no field of this request.");
    assertThat(world.changes()).isEqualTo(before);
  }

  @Test
  void messages_are_chinese_for_who_reads_chinese() {
    Answer answer =
        world.send("GET", "/accounts/7", "", "Accept-Language", "zh-CN,zh;q=0.9,en;q=0.8");
    assertThat(answer.text("/error/message")).isEqualTo("账号 7 不存在。");
    answer = world.send("GET", "/accounts/7", "", "Accept-Language", "en-GB,zh;q=0.5");
    assertThat(answer.text("/error/message")).isEqualTo("There is no account 7.");
    answer = world.send("POST", "/accounts", "{}", "Accept-Language", "zh");
    assertThat(answer.text("/error/message")).isEqualTo("edition 缺少该字段。");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "1",
        "null",
        "\"a\"",
        "{\"edition\":\"china\"} x",
        "{\"edition\":\"china\",\"edition\":\"china\"}",
        "{edition:\"china\"}",
        "{\"edition\":null}",
        "{\"edition\":\"china\",\"name\":null}",
        "{\"edition\":\"china\",\"name\":\"\\ud800\"}",
        "{\"edition\":\"china\",\"name\":\"\\u0000\"}",
        "{\"edition\":\"china\",\"cell\":0.0}",
        "{\"edition\":\"china\",\"cell\":1e1}",
        "{\"edition\":\"china\",\"cell\":99999999999999999999999999}",
        "{\"edition\":\"china\",\"cell\":\"0\"}",
        "{\"edition\":\"china\",\"uin\":\"0\"}",
        "{\"edition\":\"china\",\"uin\":\"9999999999999999999\"}",
        "{\"edition\":\"china\",\"uin\":\"-5\"}",
        "{\"edition\":\"china\",\"uin\":\"+5\"}",
        "{\"edition\":\"China\"}",
        "{\"edition\":[\"china\"]}",
        "{\"edition\":{}}",
        "{\"edition\":\"china\",\"name\":[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}",
      })
  void a_malformed_body_is_refused_and_changes_nothing(String body) {
    long before = world.changes();
    Answer answer = world.post("/accounts", body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("InvalidRequest");
    assertThat(answer.at("/error/mistakes").size()).isPositive();
    assertThat(world.changes()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "?limit=0,limit",
    "?limit=501,limit",
    "?limit=1&limit=2,limit",
    "?limit=,limit",
    "?limit=01x,limit",
    "?active=yes,active",
    "?colour=red,colour",
    "?name=,name",
    "?name=%2525%zz,name=%2525%zz",
    "?name=%FF,name=%FF",
    "?edition=china&edition=intl,edition",
  })
  void a_malformed_query_is_refused(String query, String field) throws Exception {
    // The JDK's URI refuses some of them, so they go out by hand.
    var uri = world.uri("");
    try (var socket = new java.net.Socket(uri.getHost(), uri.getPort())) {
      socket
          .getOutputStream()
          .write(
              "GET %s/accounts%s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n"
                  .formatted(Operations.BASE, query, world.token)
                  .getBytes(java.nio.charset.StandardCharsets.UTF_8));
      String answer =
          new String(
              socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"field\":\"" + field + "\"");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/xml", "application/json;charset=gbk", ""})
  void a_body_of_another_type_is_refused(String type) {
    Answer answer =
        world.send("POST", "/accounts", "{\"edition\":\"china\"}", "Content-Type", type);
    assertThat(answer.status()).isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "Application/JSON; Charset=\"UTF-8\""})
  void json_is_taken_however_its_type_is_spelt(String type) {
    Answer answer =
        world.send("POST", "/accounts", "{\"edition\":\"china\"}", "Content-Type", type);
    assertThat(answer.status()).isEqualTo(201);
  }

  @Test
  void a_body_that_is_too_large_is_refused() {
    String body = "{\"name\":\"%s\"}".formatted("a".repeat(AdminWorld.BODY_LIMIT));
    Answer answer = world.post("/accounts", body);
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.code()).isEqualTo("BodyTooLarge");
    assertThat(world.sendAs("POST", "/accounts", body, "Authorization", "Bearer wrong").status())
        .isEqualTo(401);
  }

  @Test
  void a_path_without_operations_and_a_method_that_a_path_has_not() {
    assertThat(world.get("/nowhere").code()).isEqualTo("NoSuchPath");
    assertThat(world.get("/accounts/").code()).isEqualTo("NoSuchPath");
    assertThat(world.get("/accounts/7/").code()).isEqualTo("NoSuchPath");
    assertThat(world.get("//accounts").code()).isEqualTo("NoSuchPath");
    Answer answer = world.send("DELETE", "/accounts", "");
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("allow")).isEqualTo("GET, POST");
    assertThat(answer.text("/error/message")).contains("DELETE").contains("GET, POST");
    assertThat(world.send("OPTIONS", "/accounts", "").status()).isEqualTo(405);
    assertThat(world.send("HEAD", "/accounts", "").status()).isEqualTo(405);
    assertThat(world.send("get", "/accounts", "").status()).isEqualTo(405);
  }

  @Test
  void a_body_or_a_key_that_an_operation_does_not_take_is_refused() {
    assertThat(world.send("GET", "/accounts", "{\"name\":\"a\"}").status()).isEqualTo(400);
    assertThat(world.send("GET", "/accounts", "{}").status()).isEqualTo(200);
    Answer answer = world.send("GET", "/accounts", "", "Idempotency-Key", "k");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("/error/field")).isEqualTo("Idempotency-Key");
  }

  @Test
  void while_the_database_is_away_the_answer_says_so_and_then_all_is_well_by_itself()
      throws Exception {
    int count = world.cells.all().size();
    try (var cable = new CutCable(TestDatabase.settings(count));
        var lost = new AdminWorld(Cells.open(cable.settings(), count), Map.of())) {
      cable.unplug();
      Answer answer = lost.post("/accounts", "{\"edition\":\"china\"}");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.code()).isEqualTo("Unavailable");
      assertThat(answer.header("retry-after")).isEqualTo("2");
      assertThat(lost.log.getLast().expected()).isTrue();
      assertThat(lost.log.getLast().fault()).isNotNull();
      cable.plugIn();
      long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      do {
        Thread.sleep(25);
        answer = lost.get("/accounts");
      } while (answer.status() == 503 && System.nanoTime() < end);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.at("/items").size()).isZero();
    }
  }

  @Test
  void the_document_that_is_served_is_the_one_that_was_declared() {
    Answer answer = world.get("/openapi.json");
    assertThat(answer.text()).isEqualTo(world.document.toString());
  }
}
