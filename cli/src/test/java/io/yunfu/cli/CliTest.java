package io.yunfu.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.cli.FakeServer.Received;
import io.yunfu.cli.Typed.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a person types, what the server gets, and what the person is told.
class CliTest {
  private static final int OK = 0;
  private static final int REFUSED = 1;
  private static final int USAGE = 2;
  private static final int NOT_REACHED = 3;
  private static final int UNKNOWN = 4;

  private final FakeServer server = new FakeServer();

  @TempDir Path directory;

  @AfterEach
  void close() {
    server.close();
  }

  // --- What is sent

  @Test
  void options_become_a_body_with_values_of_the_right_kind() {
    Ended ended =
        Typed.at(server)
            .run(
                List.of(
                    "deals",
                    "create",
                    "--uin",
                    "100001",
                    "--big-deals.0.deals.0.product",
                    "p_cvm",
                    "--bigDeals.0.deals.0.subProduct=sp",
                    "--big-deals.0.deals.0.unit-price",
                    "9223372036854",
                    "--big-deals.0.deals.0.time-span=0.5",
                    "--big-deals.0.deals.0.targets=ins-1",
                    "--big-deals.0.deals.0.targets=@ins,2",
                    "--big-deals.0.deals.0.vouchers-allowed=false",
                    "--big-deals.0.deals.1={\"product\":\"p\",\"subProduct\":\"s\"}",
                    "--as-package"));
    assertThat(ended.status()).as(ended.err()).isEqualTo(OK);
    Received sent = server.only();
    assertThat(sent.method()).isEqualTo("POST");
    assertThat(sent.target()).isEqualTo("/admin/v1/accounts/100001/deals");
    assertThat(sent.contentType()).contains("application/json");
    assertThat(sent.authorization()).isEqualTo("Bearer " + Typed.TOKEN);
    assertThat(sent.body())
        .isEqualTo(
            """
            {"bigDeals":[{"deals":[{"product":"p_cvm","subProduct":"sp","unitPrice":9223372036854,\
            "timeSpan":0.5,"targets":["ins-1","@ins,2"],"vouchersAllowed":false},\
            {"product":"p","subProduct":"s"}]}],"asPackage":true}\
            """);
  }

  @Test
  void a_negative_amount_and_a_text_that_begins_with_a_dash_are_values() {
    Typed.at(server)
        .run(
            "balance",
            "adjust",
            "1",
            "--amount",
            "-500",
            "--pocket",
            "cash",
            "--currency",
            "CNY",
            "--reason",
            "- twice");
    assertThat(server.only().body())
        .isEqualTo(
            """
            {"amount":-500,"pocket":"cash","currency":"CNY","reason":"- twice"}\
            """);
  }

  @Test
  void a_whole_body_comes_from_a_file_or_the_standard_input_and_options_win_over_it()
      throws IOException {
    Path file = directory.resolve("voucher.json");
    Files.writeString(
        file,
        """
        {"amount": 100, "currency": "CNY", "begins": "2026-01-01", "ends": "2026-12-31",
         "applicableProducts": ["a", "b"]}
        """);
    Typed.at(server)
        .run(
            "vouchers",
            "issue",
            "1",
            "--json",
            file.toString(),
            "--amount=200",
            "--applicable-products=c");
    Typed.at(server)
        .input(Files.readString(file))
        .run("vouchers", "issue", "1", "--json", "-", "--applicable-products=[]");
    assertThat(server.received().stream().map(Received::body))
        .containsExactly(
            """
            {"amount":200,"currency":"CNY","begins":"2026-01-01","ends":"2026-12-31",\
            "applicableProducts":["c"]}\
            """,
            """
            {"amount":100,"currency":"CNY","begins":"2026-01-01","ends":"2026-12-31",\
            "applicableProducts":[]}\
            """);
  }

  @Test
  void path_fields_may_stand_without_their_names_and_filters_are_escaped() {
    Typed.at(server).run("users", "get", "100001", "200002");
    Typed.at(server).run("users", "get", "--user=200002", "100001");
    Typed.at(server).run("accounts", "list", "--name", "A&B 云/?", "--active=false");
    Typed.at(server).run("deals", "list", "--status=paid", "--status=closed");
    assertThat(server.received().stream().map(Received::target))
        .containsExactly(
            "/admin/v1/accounts/100001/users/200002",
            "/admin/v1/accounts/100001/users/200002",
            "/admin/v1/accounts?name=A%26B%20%E4%BA%91%2F%3F&active=false",
            "/admin/v1/deals?status=paid&status=closed");
  }

  /// Otherwise it would be another operation: `accounts get ''` would be a list.
  @Test
  void what_would_make_another_address_is_not_sent() {
    for (String uin : List.of("", ".", "..", "1/keys", "1?x", "%31")) {
      Ended ended = Typed.at(server).run("accounts", "get", "--uin=" + uin);
      assertThat(ended.status()).as(uin).isEqualTo(USAGE);
      assertThat(ended.err()).contains("--uin cannot be '" + uin + "'");
    }
    assertThat(server.received()).isEmpty();
  }

  @Test
  void a_secret_field_is_read_from_a_file_and_is_no_option_itself() throws IOException {
    Path file = directory.resolve("secret");
    Files.writeString(file, "of-the-pair-0123\n");
    Typed.at(server).run("keys", "create", "1", "--secret-id=AKID", "--secret-key-file=" + file);
    assertThat(server.only().body())
        .isEqualTo("{\"secretId\":\"AKID\",\"secretKey\":\"of-the-pair-0123\"}");
    Ended plain = Typed.at(server).run("keys", "create", "1", "--secret-key=of-the-pair-0123");
    assertThat(plain.status()).isEqualTo(USAGE);
    assertThat(plain.err()).contains("--secret-key-file");
    assertThat(server.received()).hasSize(1);
  }

  // --- Wrong usage

  @Test
  void all_that_is_missing_is_named_at_once_and_nothing_is_sent() {
    Ended ended = Typed.at(server).run("deals", "create", "1", "--big-deals.1.deals.0.product=p");
    assertThat(ended.status()).isEqualTo(USAGE);
    assertThat(ended.err())
        .contains("Missing: --big-deals.0, --big-deals.1.deals.0.sub-product")
        .contains("'./yunfu admin deals create --help'");
    assertThat(Typed.at(server).run("vouchers", "issue", "1").err())
        .contains("Missing: --amount, --currency, --begins, --ends");
    assertThat(Typed.at(server).run("accounts", "get").err()).contains("Missing: --uin");
    assertThat(server.received()).isEmpty();
  }

  @Test
  void a_value_of_the_wrong_kind_is_named_with_its_option() {
    requireMisused(
        "--amount must be a whole number, not '5.5'", "balance", "top-up", "1", "--amount=5.5");
    requireMisused(
        "--amount must be a whole number, not '1e3'", "balance", "top-up", "1", "--amount=1e3");
    requireMisused("--active", "users", "change", "1", "2", "--active=maybe");
    requireMisused("put numbers", "deals", "create", "1", "--big-deals.N.deals.N.zone=z");
    requireMisused("--big-deals must be a list", "deals", "create", "1", "--big-deals=[{]");
    requireMisused("--big-deals.0.deals", "deals", "create", "1", "--big-deals=x");
    requireMisused("--big-deals.0 must be JSON", "deals", "create", "1", "--big-deals.0=x");
  }

  @Test
  void a_value_given_twice_is_refused_in_whatever_spellings() {
    requireMisused("--owner is given twice", "deals", "list", "--owner=1", "--owner=2");
    requireMisused("--server is given twice", "deals", "list", "--server=a", "--server=b");
    requireMisused("given twice", "deals", "list", "--big-deal=1", "--bigDeal=2");
    requireMisused("Nothing takes '3'", "accounts", "get", "--uin=1", "3");
  }

  @Test
  void a_body_that_is_none_is_refused_with_its_place() {
    assertThat(new Typed().input("{\n\"a\": }").run("tokens", "create", "--json=-").err())
        .contains("--json: not well-formed near line 2");
    assertThat(new Typed().input("[]").run("tokens", "create", "--json=-").err())
        .contains("--json: must be an object");
    assertThat(
            new Typed()
                .input("{\"name\":1,\"name\":2}")
                .run("tokens", "create", "--json=-")
                .status())
        .isEqualTo(USAGE);
    requireMisused("there is no file", "tokens", "create", "--json=" + directory.resolve("none"));
  }

  @Test
  void unknown_words_are_answered_with_what_was_probably_meant() {
    requireMisused("yunfu admin accounts", "acounts", "list");
    requireMisused("--uin", "accounts", "get", "--uim=1");
    requireMisused("An area is missing");
    requireMisused("A verb is missing", "accounts");
    requireMisused("Unknown option", "accounts", "list", "--token=abc");
  }

  private static void requireMisused(String message, String... words) {
    Ended ended = new Typed().with(Settings.TOKEN_VARIABLE, Typed.TOKEN).run(words);
    assertThat(ended.status()).as("%s", List.of(words)).isEqualTo(USAGE);
    assertThat(ended.err()).contains(message).contains("--help");
    assertThat(ended.out()).isEmpty();
  }

  // --- What the server answers

  @Test
  void what_the_server_refuses_is_said_with_field_code_and_request() {
    server.answers(
        400,
        """
        {"error":{"code":"InvalidRequest","message":"edition must be one of china, intl.",
         "field":"edition","mistakes":[{"field":"edition","message":"edition must be one of china, intl."},
         {"field":"cell","message":"cell must be a whole number from 0 to 999."}],"requestId":"r-1"}}
        """);
    Ended ended = Typed.at(server).run("accounts", "open", "--edition=mars", "--cell=1000");
    assertThat(ended.status()).isEqualTo(REFUSED);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .isEqualTo(
            """
            yunfu: edition must be one of china, intl.
              cell must be a whole number from 0 to 999.
              (InvalidRequest, field edition, request r-1)
            """);
  }

  @Test
  void nobody_is_reached_where_nobody_listens_and_nothing_has_changed() throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      port = socket.getLocalPort();
    }
    Ended ended = Typed.at(server).run("balance", "get", "1", "--server=http://127.0.0.1:" + port);
    assertThat(ended.status()).isEqualTo(NOT_REACHED);
    assertThat(ended.err())
        .contains("http://127.0.0.1:" + port + " cannot be reached")
        .contains("Nothing has changed");
  }

  @Test
  void a_command_without_answer_tells_how_it_is_repeated_safely() {
    server.isSilent();
    String[] command = {
      "balance", "top-up", "1", "--amount=5", "--currency=CNY", "--memo=for Ann", "--timeout=1"
    };
    Ended ended = Typed.at(server).run(command);
    assertThat(ended.status()).isEqualTo(UNKNOWN);
    assertThat(server.only().idempotencyKey()).contains("key-1");
    assertThat(ended.err())
        .startsWith("Idempotency key: key-1\n")
        .contains("has not answered within 1 s")
        .contains("not known")
        .contains(
            "./yunfu admin balance top-up 1 --amount=5 --currency=CNY '--memo=for Ann' --timeout=1"
                + " --idempotency-key=key-1");
  }

  @Test
  void a_broken_connection_and_a_proxy_without_its_server_leave_the_outcome_unknown() {
    server.hangsUp().answers(502, "<html>Bad Gateway</html>");
    for (int i = 0; i < 2; i++) {
      Ended ended = Typed.at(server).run("accounts", "open", "--edition=china");
      assertThat(ended.status()).isEqualTo(UNKNOWN);
      assertThat(ended.err()).contains("not known").contains("Look before you repeat it");
    }
    assertThat(server.received()).as("each sent once").hasSize(2);
  }

  @Test
  void an_outcome_that_the_server_does_not_know_is_unknown() {
    server.answers(
        500,
        "{\"error\":{\"code\":\"OutcomeUnknown\",\"message\":\"It is not known.\",\"requestId\":\"r\"}}");
    Ended ended = Typed.at(server).run("holds", "create", "1", "--amount=1", "--currency=CNY");
    assertThat(ended.status()).isEqualTo(UNKNOWN);
    assertThat(ended.err()).contains("It is not known.").contains("--idempotency-key=key-1");
  }

  @Test
  void what_sets_a_state_may_simply_be_repeated() {
    server.hangsUp();
    Ended ended = Typed.at(server).run("credit", "set-limit", "1", "--amount=1", "--currency=CNY");
    assertThat(ended.status()).isEqualTo(UNKNOWN);
    assertThat(ended.err()).contains("can be repeated as it was");
  }

  @Test
  void a_key_of_ones_own_is_sent_and_not_shown_again() {
    Ended ended =
        Typed.at(server)
            .run(
                "balance",
                "top-up",
                "1",
                "--amount=5",
                "--currency=CNY",
                "--idempotency-key",
                "mine");
    assertThat(server.only().idempotencyKey()).contains("mine");
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void another_program_at_the_address_is_recognised_and_gets_no_token_by_redirection() {
    server.answers(200, "<html>").redirects(server.url() + "/elsewhere").answers(404, "nothing");
    for (int i = 0; i < 3; i++) {
      Ended ended = Typed.at(server).run("accounts", "list");
      assertThat(ended.status()).isEqualTo(NOT_REACHED);
      assertThat(ended.err()).contains("is not the admin API").contains("--server");
    }
    assertThat(server.received()).hasSize(3);
  }

  // --- What is shown

  @Test
  void a_list_is_a_table_of_its_columns_on_a_terminal_and_json_elsewhere() {
    String page =
        """
        {"items":[{"uin":"1","name":"示例","edition":"china","certification":"complete","active":true,
        "createdAt":"2026-01-01T00:00:00Z"},{"uin":"22","name":"b","edition":"intl",
        "certification":"none","active":false,"createdAt":"2026-01-02T00:00:00Z"}],"next":"c 2"}
        """;
    server.answers(200, page).answers(200, page).answers(200, page);
    Ended table = Typed.at(server).onTerminal().run("accounts", "list");
    assertThat(table.out())
        .isEqualTo(
            """
            uin  name  edition  certification  active  createdAt
            1    示例  china    complete       true    2026-01-01T00:00:00Z
            22   b     intl     none           false   2026-01-02T00:00:00Z
            """);
    assertThat(table.err()).isEqualTo("There is more: --all, or --cursor='c 2'\n");
    Ended json = Typed.at(server).run("accounts", "list");
    assertThat(Json.MAPPER.readTree(json.out())).isEqualTo(Json.MAPPER.readTree(page));
    assertThat(json.err()).isEmpty();
    Ended lines = Typed.at(server).run("accounts", "list", "--output=jsonl");
    assertThat(lines.out().lines()).hasSize(2).allMatch(line -> line.startsWith("{\"uin\":"));
  }

  @Test
  void one_thing_is_a_line_for_each_value_on_a_terminal() {
    server.answers(
        200,
        "{\"id\":\"d\",\"payment\":{\"payer\":\"1\"},\"targets\":[\"a\",\"b\"],\"legs\":[{\"n\":1}]}");
    assertThat(Typed.at(server).onTerminal().run("deals", "get", "d").out())
        .isEqualTo(
            """
            id             d
            payment.payer  1
            targets        a, b
            legs[0].n      1
            """);
  }

  @Test
  void all_pages_become_one_list() {
    for (String format : List.of("json", "jsonl", "table")) {
      server
          .answers(200, "{\"items\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"next\":\"n&1\"}")
          .answers(200, "{\"items\":[{\"name\":\"c\"}]}");
      int before = server.received().size();
      Ended ended = Typed.at(server).run("tokens", "list", "--active", "--all", "--output", format);
      assertThat(ended.status()).isEqualTo(OK);
      assertThat(ended.err()).isEmpty();
      assertThat(server.received().stream().skip(before).map(Received::target))
          .containsExactly(
              "/admin/v1/tokens?active=true&limit=500",
              "/admin/v1/tokens?active=true&limit=500&cursor=n%261");
      switch (format) {
        case "json" ->
            assertThat(Json.MAPPER.readTree(ended.out()).path("items").valueStream())
                .extracting(each -> each.path("name").asString())
                .containsExactly("a", "b", "c");
        case "jsonl" -> assertThat(ended.out().lines()).hasSize(3);
        default -> assertThat(ended.out().lines()).hasSize(4);
      }
    }
  }

  @Test
  void a_list_that_breaks_off_is_no_whole_json() {
    server
        .answers(200, "{\"items\":[{\"name\":\"a\"}],\"next\":\"n\"}")
        .answers(503, "{\"error\":{\"code\":\"Unavailable\",\"message\":\"Try again.\"}}");
    Ended ended = Typed.at(server).run("tokens", "list", "--all", "--limit=1");
    assertThat(ended.status()).isEqualTo(REFUSED);
    assertThat(ended.out()).contains("\"a\"").doesNotContain("]");
  }

  @Test
  void what_others_have_written_cannot_command_the_terminal() {
    server.answers(200, "{\"items\":[{\"name\":\"a\\u001b[2J\\u202eb\\u009b\"}]}");
    String shown = Typed.at(server).onTerminal().run("tokens", "list").out();
    assertThat(shown).contains("a·[2J·b·");
    server.answers(409, "{\"error\":{\"code\":\"X\",\"message\":\"no\\u001b[2J\"}}");
    assertThat(Typed.at(server).run("tokens", "list").err()).doesNotContain("\u001b");
  }

  @Test
  void no_output_holds_the_token() throws IOException {
    Path file = directory.resolve("token");
    Files.writeString(file, "two words of-a-secret\n");
    Ended ended = new Typed().run("accounts", "list", "--token-file=" + file);
    assertThat(ended.status()).isEqualTo(USAGE);
    assertThat(ended.err()).contains("token").doesNotContain("of-a-secret");
  }
}
