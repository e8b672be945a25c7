package io.yunfu.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// `yunfu demo`: what it promises to scripts and to people. Source: product.md, section 2.
class DemoAcceptanceIT {
  private static final Set<String> SAMPLES =
      Set.of(
          "single",
          "several",
          "bigDealOfThree",
          "packageGroup",
          "voucherEligible",
          "tooExpensive",
          "downgradePaidByReseller",
          "expired");

  /// The shop, the console and the cashier.
  private static final Pattern PAGES = Pattern.compile(":\\d+/(console/|_sim/cashier)?$");

  private final DemoServer demo = DemoServer.shared();

  @Test
  void demo_json_holds_what_scripts_need() {
    JsonNode json = demo.json();
    assertThat(json.propertyNames())
        .contains("api", "cpay", "console", "simulator", "admin", "accounts", "merchants");
    assertThat(json.get("api").asString()).isEqualTo("http://127.0.0.1:" + demo.port());
    assertThat(json.get("admin").propertyNames()).containsExactlyInAnyOrder("url", "token");
    assertThat(json.get("admin").get("url").asString())
        .startsWith(json.get("api").asString() + "/admin/");
    assertThat(json.get("cpay").asString()).isEqualTo(json.get("api").asString() + "/cpay");
    assertThat(json.get("simulator").asString()).startsWith("http://127.0.0.1:");
    assertThat(json.get("merchants").valueStream()).isNotEmpty();
    for (JsonNode merchant : json.get("merchants")) {
      assertThat(merchant.propertyNames())
          .contains(
              "outMchId", "outSubMchId", "outShopId", "orderPrefix", "authKey", "providerKey");
    }
    // The merchant of the published example, so that its request can be tried unchanged.
    assertThat(json.get("merchants").get(0).get("orderPrefix").asString()).isEqualTo("sz01743939");
    assertThat(demo.accounts().stream().map(DemoServer.Account::edition)).contains("china", "intl");
    for (JsonNode account : json.get("accounts")) {
      assertThat(account.propertyNames())
          .contains(
              "uin",
              "edition",
              "secretId",
              "secretKey",
              "unpaidOrderIds",
              "unpaidBigDealIds",
              "voucherIds");
      assertThat(account.get("uin").isIntegralNumber() || account.get("uin").isString()).isTrue();
    }
  }

  @Test
  void the_samples_cover_every_kind_of_order() {
    DemoServer.Account china = demo.accounts().getFirst();
    assertThat(china.edition()).isEqualTo("china");
    var kinds = new java.util.TreeSet<String>();
    demo.accounts().forEach(account -> kinds.addAll(account.orders().propertyNames()));
    assertThat(kinds).containsAll(SAMPLES);
    demo.accounts().forEach(account -> assertThat(account.key().secretKey()).isNotEmpty());
  }

  /// What each sample is there to show, in an order that leaves the first two for the README.
  @Test
  void each_sample_answers_as_its_name_says() throws IOException {
    requireCode("bigDealOfThree", ids -> List.of(ids.getFirst()), "FailedOperation.NeedPayTogeter");
    requireCode("bigDealOfThree", ids -> ids, Answer.OK);
    requireCode("packageGroup", ids -> List.of(ids.getFirst()), "FailedOperation.NeedPayTogeth?er");
    requireCode("packageGroup", ids -> ids, Answer.OK);
    requireCode("tooExpensive", ids -> ids, "FailedOperation.BalanceInsufficient");
    requireCode("downgradePaidByReseller", ids -> ids, "FailedOperation.AgentPayDealCannotDown");
    requireCode("expired", ids -> ids, "FailedOperation.InvalidDeal");
    requireCode("several", ids -> ids, Answer.OK);
    requireCode("voucherEligible", ids -> ids, Answer.OK);
  }

  @Test
  void a_person_is_told_where_to_look_and_what_to_try() {
    String said = demo.program().out() + demo.program().err();
    assertThat(said).contains("http://127.0.0.1:" + demo.port()).contains("demo.json");
  }

  @Test
  void every_address_that_is_printed_answers_and_each_page_shows_itself() throws Exception {
    List<String> printed =
        Pattern.compile("http://[^\\s\\]\"]+")
            .matcher(demo.program().out())
            .results()
            .map(MatchResult::group)
            .distinct()
            .toList();
    JsonNode json = demo.json();
    assertThat(printed)
        .contains(
            json.get("shop").asString(),
            json.get("api").asString(),
            json.get("cpay").asString(),
            json.get("console").asString(),
            json.get("admin").get("url").asString());
    try (var client = HttpClient.newHttpClient()) {
      for (String address : printed) {
        var answer =
            client.send(
                HttpRequest.newBuilder(URI.create(address)).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(address).isLessThan(500);
        if (PAGES.matcher(address).find()) {
          assertThat(answer.statusCode()).as(address).isEqualTo(200);
          assertThat(answer.body()).as(address).startsWith("<!doctype html>");
        }
      }
    }
  }

  @Test
  void demo_json_is_for_its_owner_alone() throws IOException {
    assertThat(Files.getPosixFilePermissions(demo.data().resolve("demo.json")))
        .hasToString("[OWNER_READ, OWNER_WRITE]");
  }

  @Test
  void a_second_demo_on_the_same_directory_is_refused_while_the_first_runs() {
    Program.Ended ended =
        Program.run(
            Scratch.directory(),
            Program.withCells(Map.of()),
            "demo",
            "--data",
            demo.data().toString(),
            "--port",
            "0");
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).contains(demo.data().toString()).doesNotContain("\tat ");
    assertThat(demo.program().isAlive()).isTrue();
  }

  @Test
  void a_second_start_keeps_what_is_there() throws IOException {
    Path directory = Scratch.directory();
    Path data = directory.resolve("data").resolve("demo");
    Program first = DemoServer.start(directory);
    JsonNode before = DemoServer.read(first, data);
    DemoServer.Account account = DemoServer.Account.of(before.get("accounts").get(0));
    String deal = account.unpaidOrderIds().getFirst();
    String pay = "{\"OrderIds\":[\"%s\"]}".formatted(deal);
    assertThat(CallV3.post(account.key(), "PayDeals", pay).to(portOf(before)).code())
        .isEqualTo(Answer.OK);
    first.terminate();
    assertThat(first.ended().status()).isZero();

    Program second = DemoServer.start(directory);
    JsonNode after = DemoServer.read(second, data);
    DemoServer.Account same = DemoServer.Account.of(after.get("accounts").get(0));
    assertThat(same.uin()).isEqualTo(account.uin());
    assertThat(same.key()).isEqualTo(account.key());
    assertThat(same.unpaidOrderIds())
        .isNotEmpty()
        .containsExactlyElementsOf(without(account.unpaidOrderIds(), deal));
    // The first of each: they were listed together.
    String bigDeal = account.unpaidBigDealIds().getFirst();
    assertThat(same.unpaidBigDealIds())
        .isNotEmpty()
        .containsExactlyElementsOf(without(account.unpaidBigDealIds(), bigDeal));
    assertThat(same.voucherIds()).isEqualTo(account.voucherIds());
    assertThat(same.orders()).isEqualTo(account.orders());
    assertThat(after.get("admin").get("token")).isEqualTo(before.get("admin").get("token"));
    assertThat(after.get("merchants")).isEqualTo(before.get("merchants"));
    assertThat(CallV3.post(account.key(), "PayDeals", pay).to(portOf(after)).code())
        .isEqualTo("FailedOperation.InvalidDeal");
    second.terminate();
    assertThat(second.ended().status()).isZero();
  }

  private static List<String> without(List<String> ids, String gone) {
    return ids.stream().filter(id -> !id.equals(gone)).toList();
  }

  private static int portOf(JsonNode json) {
    return URI.create(json.get("api").asString()).getPort();
  }

  private interface Choice {
    List<String> of(List<String> ids);
  }

  /// Asks for the sample of whichever account has it.
  private void requireCode(String sample, Choice choice, String code) throws IOException {
    for (DemoServer.Account account : demo.accounts()) {
      if (account.orders().has(sample)) {
        List<String> ids = choice.of(account.orders(sample));
        String json = "{\"OrderIds\":[\"%s\"]}".formatted(String.join("\",\"", ids));
        Answer answer = CallV3.post(account.key(), "PayDeals", json).to(demo.port());
        assertThat(answer.code()).as("%s: %s", sample, answer.text()).matches(code);
        return;
      }
    }
    throw new AssertionError("no account has a sample of " + sample);
  }
}
