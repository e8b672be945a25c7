package io.yunfu.server.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.TestDatabase;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.merchant.SubMerchantId;
import io.yunfu.kernel.Secret;
import io.yunfu.server.api.admin.AdminWorld.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MerchantAreasIT {
  private static final String OLD_KEY = "0123456789ABCDEF0123456789ABCDEF";

  private final AdminWorld world = new AdminWorld(TestDatabase.cells(2), Map.of());

  @AfterAll
  void close() {
    world.close();
  }

  /// As the gateway sees it at the next call.
  private List<String> keysOf(String sub) {
    var merchants = new Merchants(world.cells, world.masterKey, System::nanoTime);
    return merchants
        .find(new SubMerchantId(sub))
        .orElseThrow()
        .keysAt(world.clock.instant())
        .stream()
        .map(Secret::reveal)
        .toList();
  }

  private String merchant() {
    return world.post("/merchants", "{\"name\":\"Services\"}").text("/id");
  }

  private String sub(String merchant) {
    return world
        .post("/merchants/" + merchant + "/sub-merchants", "{\"prefixes\":[\"10200001\"]}")
        .text("/id");
  }

  private String later(Duration time) {
    return world.clock.instant().plus(time).toString();
  }

  private static String encoded(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String rsaKey() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return Base64.getEncoder()
          .encodeToString(generator.generateKeyPair().getPublic().getEncoded());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_merchant_is_opened_shown_changed_and_switched_off() {
    Answer made =
        world.post(
            "/merchants",
            "{\"name\":\"Services\",\"callbackUrl\":\"https://shop.example.com/paid\"}");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.text("/id")).hasSize(20).startsWith("gz02");
    assertThat(made.text("/key")).matches("[0-9A-F]{32}");
    String path = "/merchants/" + made.text("/id");
    Answer shown = world.get(path);
    assertThat(shown.text("/callbackUrl")).isEqualTo("https://shop.example.com/paid");
    assertThat(shown.text("/noticeKey")).isEqualTo("provider");
    assertThat(shown.text("/acknowledgement")).isEqualTo("http_200");
    assertThat(shown.at("/active").asBoolean()).isTrue();

    Answer changed =
        world.send(
            "PATCH",
            path,
            """
            {"name":"Other","callbackUrl":"","noticeKey":"sub_merchant","acknowledgement":"envelope_status",
             "refundNotices":true,"noticeSchedule":"long"}
            """);
    assertThat(changed.text("/name")).isEqualTo("Other");
    assertThat(changed.at("/callbackUrl").isMissingNode()).isTrue();
    assertThat(changed.text("/noticeSchedule")).isEqualTo("long");
    assertThat(world.send("PATCH", path, "{}").text()).isEqualTo(changed.text());
    assertThat(world.lastChange("provider/" + made.text("/id")).action())
        .isEqualTo("provider.change");

    assertThat(world.post(path + "/disable", "").at("/active").asBoolean()).isFalse();
    assertThat(world.get(path).at("/active").asBoolean()).isFalse();
    assertThat(world.post(path + "/enable", "").at("/active").asBoolean()).isTrue();
    assertThat(world.get(path).text()).isEqualTo(changed.text());
  }

  @Test
  void a_merchant_that_moves_here_keeps_its_ids_its_prefixes_and_its_keys() {
    String body = "{\"id\":\"sz01/m *1\",\"key\":\"%s\"}".formatted(OLD_KEY);
    Answer merchant = world.post("/merchants", body);
    assertThat(merchant.status()).isEqualTo(201);
    assertThat(merchant.text("/id")).isEqualTo("sz01/m *1");
    assertThat(merchant.text("/key")).isEqualTo(OLD_KEY);
    Answer again = world.post("/merchants", body);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.code()).isEqualTo("IdTaken");
    assertThat(again.text("/error/field")).isEqualTo("id");

    String path = "/merchants/" + encoded("sz01/m *1") + "/sub-merchants";
    String subBody =
        """
        {"id":"sz01s1","key":"short-ke","prefixes":["sz01743939","17439390"],"prefixesChecked":false,"feePpm":6000,
         "latePayment":"deliver","defaultBody":"Coffee","defaultExpirySeconds":600,"refundNeedsRight":true}
        """;
    Answer sub = world.post(path, subBody);
    assertThat(sub.status()).as(sub.text()).isEqualTo(201);
    assertThat(sub.text("/merchant")).isEqualTo("sz01/m *1");
    assertThat(sub.at("/prefixes")).hasToString("[\"sz01743939\",\"17439390\"]");
    assertThat(sub.at("/defaultExpirySeconds").asInt()).isEqualTo(600);
    assertThat(keysOf("sz01s1")).containsExactly("short-ke");
    assertThat(world.post(path, subBody).code()).isEqualTo("IdTaken");

    Answer shop =
        world.post(
            "/sub-merchants/sz01s1/shops",
            "{\"id\":\"sz01shop\",\"name\":\"Main\",\"ownNumber\":\"7\",\"refundStaff\":[\"1001\"]}");
    assertThat(shop.status()).isEqualTo(201);
    assertThat(shop.text("/subMerchant")).isEqualTo("sz01s1");
    assertThat(world.get("/shops/sz01shop").text()).isEqualTo(shop.text());
    assertThat(world.post("/sub-merchants/sz01s1/shops", "{\"id\":\"sz01shop\"}").code())
        .isEqualTo("IdTaken");
    assertThat(world.lastChange("shop/sz01shop").action()).isEqualTo("shop.create");
  }

  // cloudpay.md 6.2, channels.md S6
  @Test
  void no_key_of_calls_or_notices_is_a_key_of_a_channel_whichever_comes_first() {
    String merchant = merchant();
    String sub = sub(merchant);
    String wechat = "/merchants/" + merchant + "/channels/wechat";
    String apiKey = "0123456789abcdefghijklmnopqrstuv";
    String newKey = "{\"key\":\"%s\"}";
    assertThat(world.send("PUT", wechat, channel(apiKey)).status()).isEqualTo(200);
    String apiKey2 = "vutsrqponmlkjihgfedcba9876543210";
    String token = "{\"appAuthToken\":\"202601BBtokentoken\"}";
    String alipay = "/sub-merchants/" + sub + "/channels/alipay";
    assertThat(world.send("PUT", alipay, token).status()).isEqualTo(200);

    var refused =
        List.of(
            world.post("/merchants/" + merchant + "/rotate-key", newKey.formatted(apiKey)),
            world.post("/sub-merchants/" + sub + "/rotate-key", newKey.formatted(apiKey)),
            world.post(
                "/sub-merchants/" + sub + "/rotate-key", newKey.formatted("202601BBtokentoken")),
            world.post(
                "/merchants/" + merchant + "/sub-merchants",
                "{\"prefixes\":[\"gz0200kkkk\"],\"key\":\"%s\"}".formatted(apiKey)));
    assertThat(refused)
        .allSatisfy(answer -> {
          assertThat(answer.status()).as(answer.text()).isEqualTo(422);
          assertThat(answer.code()).isEqualTo("KeyIsOfChannel");
          assertThat(answer.text("/error/field")).isEqualTo("key");
          assertThat(answer.text()).doesNotContain(apiKey);
        });

    String rotate = "/sub-merchants/" + sub + "/rotate-key";
    assertThat(world.post(rotate, newKey.formatted(apiKey2)).status()).isEqualTo(200);
    requireUnusable(world.send("PUT", wechat, channel(apiKey2)), "apiKey");
    assertThat(world.post(rotate, "{}").status()).isEqualTo(200);
    requireUnusable(world.send("PUT", wechat, channel(apiKey2)), "apiKey"); // it still verifies
    assertThat(world.post("/sub-merchants/" + sub + "/retire-key", "").status()).isEqualTo(200);
    assertThat(world.send("PUT", wechat, channel(apiKey2)).status()).isEqualTo(200);
    String another = "202601BBanothertoken";
    String rotateMerchant = "/merchants/" + merchant + "/rotate-key";
    assertThat(world.post(rotateMerchant, newKey.formatted(another)).status()).isEqualTo(200);
    requireUnusable(
        world.send("PUT", alipay, "{\"appAuthToken\":\"%s\"}".formatted(another)), "appAuthToken");
  }

  private static String channel(String apiKey) {
    return "{\"merchantNumber\":\"1900000001\",\"appIds\":[\"wx00000000000000aa\"],\"apiKey\":\"%s\"}"
        .formatted(apiKey);
  }

  private static void requireUnusable(Answer answer, String field) {
    assertThat(answer.code()).as(answer.text()).isEqualTo("CredentialsUnusable");
    assertThat(answer.text("/error/field")).isEqualTo(field);
  }

  @Test
  void a_key_is_shown_once_and_rotated_with_an_overlap() {
    String merchant = merchant();
    String sub = sub(merchant);
    String path = "/sub-merchants/" + sub;
    String first = keysOf(sub).getFirst();
    Answer second = world.post(path + "/rotate-key", "{\"overlapSeconds\":3600}");
    assertThat(second.text("/oldKeyUntil")).isEqualTo(later(Duration.ofHours(1)));
    assertThat(keysOf(sub)).containsExactly(second.text("/key"), first);

    Answer retired = world.post(path + "/retire-key", "");
    assertThat(retired.at("/oldKeyUntil").isMissingNode()).isTrue();
    assertThat(keysOf(sub)).containsExactly(second.text("/key"));
    long before = world.changes();
    assertThat(world.post(path + "/retire-key", "").text()).isEqualTo(retired.text());
    assertThat(world.changes()).isEqualTo(before);

    Answer third =
        world.post(
            path + "/rotate-key", "{\"key\":\"%s\",\"overlapSeconds\":0}".formatted(OLD_KEY));
    assertThat(third.text("/key")).isEqualTo(OLD_KEY);
    assertThat(keysOf(sub)).containsExactly(OLD_KEY);
    Answer usual = world.post(path + "/rotate-key", "{}");
    assertThat(usual.text("/oldKeyUntil")).isEqualTo(later(Duration.ofDays(2)));
    Answer ofMerchant = world.post("/merchants/" + merchant + "/rotate-key", "{}");
    assertThat(ofMerchant.text("/key")).matches("[0-9A-F]{32}");

    String later =
        world.get(path).text()
            + world.get("/sub-merchants?merchant=" + merchant).text()
            + world.get("/merchants/" + merchant).text()
            + world.get("/merchants?limit=500").text()
            + world.get("/audit?subject=sub-merchant/" + sub).text()
            + world.get("/audit?subject=provider/" + merchant).text()
            + world.log;
    assertThat(later).contains(sub).contains("sub-merchant.replace-key");
    for (String key :
        List.of(first, second.text("/key"), OLD_KEY, usual.text("/key"), ofMerchant.text("/key"))) {
      assertThat(later).doesNotContain(key);
    }
  }

  @Test
  void an_old_key_ends_with_its_overlap() {
    String sub = sub(merchant());
    world.post("/sub-merchants/" + sub + "/rotate-key", "{\"overlapSeconds\":60}");
    assertThat(keysOf(sub)).hasSize(2);
    world.clock.advance(Duration.ofSeconds(60));
    assertThat(keysOf(sub)).hasSize(1);
  }

  @Test
  void a_sub_merchant_is_changed_field_by_field() {
    String path = "/sub-merchants/" + sub(merchant());
    String key = rsaKey();
    Answer changed =
        world.send(
            "PATCH",
            path,
            """
            {"name":"Shops","prefixes":["gz0200abcd"],"feePpm":6000,"latePayment":"deliver","rsaPublicKey":"%s",
             "rsaRequired":true,"refundNeedsRight":true,"defaultBody":"Tea","defaultExpirySeconds":604800}
            """
                .formatted(key));
    assertThat(changed.status()).as(changed.text()).isEqualTo(200);
    assertThat(changed.text("/rsaPublicKey")).isEqualTo(key);
    assertThat(changed.at("/rsaRequired").asBoolean()).isTrue();
    assertThat(changed.at("/prefixes")).hasToString("[\"gz0200abcd\"]");
    Answer kept = world.send("PATCH", path, "{\"latePayment\":\"refund\"}");
    assertThat(kept.text("/name")).isEqualTo("Shops");
    assertThat(kept.at("/feePpm").asInt()).isEqualTo(6000);
    assertThat(kept.text("/latePayment")).isEqualTo("refund");

    Answer without = world.send("PATCH", path, "{\"rsaPublicKey\":\"\"}");
    assertThat(without.code()).isEqualTo("NoRsaKey");
    assertThat(without.text("/error/field")).isEqualTo("rsaRequired");
    assertThat(
            world
                .send("PATCH", path, "{\"rsaPublicKey\":\"\",\"rsaRequired\":false}")
                .at("/rsaPublicKey")
                .isMissingNode())
        .isTrue();
    assertThat(world.post(path + "/disable", "").at("/active").asBoolean()).isFalse();
    assertThat(world.post(path + "/enable", "").at("/active").asBoolean()).isTrue();
  }

  @Test
  void what_a_shop_has_is_kept_and_whether_it_is_checked_too() {
    String sub = sub(merchant());
    assertThat(world.get("/sub-merchants/" + sub).at("/terminalsChecked").asBoolean()).isFalse();
    Answer checked = world.send("PATCH", "/sub-merchants/" + sub, "{\"terminalsChecked\":true}");
    assertThat(checked.at("/terminalsChecked").asBoolean()).isTrue();
    Answer other = world.send("PATCH", "/sub-merchants/" + sub, "{\"feePpm\":1}");
    assertThat(other.at("/terminalsChecked").asBoolean()).isTrue();
    String shops = "/sub-merchants/" + sub + "/shops";
    Answer shop = world.post(shops, "{\"devices\":[\"d1\"],\"staff\":[\"s1\"]}");
    assertThat(shop.at("/devices")).hasToString("[\"d1\"]");
    String path = "/shops/" + shop.text("/id");
    world.post(path + "/disable", "");
    assertThat(world.post(path + "/enable", "").at("/devices")).hasToString("[\"d1\"]");
    Answer changed = world.send("PATCH", path, "{\"devices\":[\"d1\",\"d2\"]}");
    assertThat(changed.at("/devices")).hasToString("[\"d1\",\"d2\"]");
    assertThat(changed.at("/staff")).hasToString("[\"s1\"]");
  }

  @Test
  void a_shop_is_changed_and_switched_off() {
    String shop = world.post("/sub-merchants/" + sub(merchant()) + "/shops", "{}").text("/id");
    Answer changed =
        world.send(
            "PATCH", "/shops/" + shop, "{\"name\":\"Corner\",\"refundStaff\":[\"1\",\"2\"]}");
    assertThat(changed.at("/refundStaff")).hasToString("[\"1\",\"2\"]");
    assertThat(world.send("PATCH", "/shops/" + shop, "{\"ownNumber\":\"9\"}").text("/name"))
        .isEqualTo("Corner");
    assertThat(world.post("/shops/" + shop + "/disable", "").at("/active").asBoolean()).isFalse();
    assertThat(world.post("/shops/" + shop + "/enable", "").at("/active").asBoolean()).isTrue();
  }

  @Test
  void what_is_wrong_is_named_field_by_field() {
    String merchant = merchant();
    String subs = "/merchants/" + merchant + "/sub-merchants";
    for (String url :
        List.of(
            "http://shop.example.com/paid",
            "https://user@shop.example.com/",
            "https://shop.example.com/#a",
            "shop",
            "https://",
            "https://a b/")) {
      Answer answer = world.post("/merchants", "{\"callbackUrl\":\"%s\"}".formatted(url));
      assertThat(answer.code()).as(url).isEqualTo("InvalidRequest");
      assertThat(answer.text("/error/field")).isEqualTo("callbackUrl");
    }
    Answer many =
        world.post(
            "/merchants",
            "{\"id\":\"ü\",\"key\":\"short\",\"noticeKey\":\"none\",\"cell\":-1,\"secret\":1}");
    assertThat(many.at("/error/mistakes").valueStream().map(each -> each.get("field").asString()))
        .containsExactlyInAnyOrder("id", "key", "noticeKey", "cell", "secret");
    assertThat(many.text()).doesNotContain("short");
    assertThat(world.post("/merchants", "{\"cell\":999}").code()).isEqualTo("UnknownCell");
    assertThat(world.post(subs, "{}").text("/error/field")).isEqualTo("prefixes");
    assertThat(world.post(subs, "{\"prefixes\":[]}").text("/error/field")).isEqualTo("prefixes");
    assertThat(world.post(subs, "{\"prefixes\":[\"abcd\",\"abc\"]}").text("/error/field"))
        .isEqualTo("prefixes[1]");
    assertThat(world.post(subs, "{\"prefixes\":[],\"prefixesChecked\":false}").status())
        .isEqualTo(201);
    for (String wrong :
        List.of(
            "\"rsaPublicKey\":\"AAAA\"",
            "\"feePpm\":1000001",
            "\"defaultExpirySeconds\":59",
            "\"latePayment\":\"keep\"")) {
      Answer answer = world.post(subs, "{\"prefixes\":[\"abcd\"],%s}".formatted(wrong));
      assertThat(answer.code()).as(wrong).isEqualTo("InvalidRequest");
      assertThat(answer.text("/error/field")).isEqualTo(wrong.replaceAll("\"(\\w+)\".*", "$1"));
    }
    assertThat(world.post(subs, "{\"prefixes\":[\"abcd\"],\"rsaRequired\":true}").code())
        .isEqualTo("NoRsaKey");
  }

  @Test
  void what_does_not_exist_is_not_found() {
    assertThat(world.get("/merchants/none").code()).isEqualTo("NoSuchMerchant");
    assertThat(world.send("PATCH", "/merchants/none", "{}").code()).isEqualTo("NoSuchMerchant");
    for (String step : List.of("disable", "enable", "rotate-key")) {
      assertThat(world.post("/merchants/none/" + step, "").code()).isEqualTo("NoSuchMerchant");
    }
    assertThat(world.post("/merchants/none/sub-merchants", "{\"prefixes\":[\"abcd\"]}").code())
        .isEqualTo("NoSuchMerchant");
    assertThat(world.get("/sub-merchants/none").code()).isEqualTo("NoSuchSubMerchant");
    assertThat(world.send("PATCH", "/sub-merchants/none", "{}").code())
        .isEqualTo("NoSuchSubMerchant");
    for (String step : List.of("disable", "enable", "rotate-key", "retire-key", "shops")) {
      assertThat(world.post("/sub-merchants/none/" + step, "").code())
          .isEqualTo("NoSuchSubMerchant");
    }
    assertThat(world.get("/shops/none").code()).isEqualTo("NoSuchShop");
    assertThat(world.send("PATCH", "/shops/none", "{}").code()).isEqualTo("NoSuchShop");
    for (String step : List.of("disable", "enable")) {
      assertThat(world.post("/shops/none/" + step, "").code()).isEqualTo("NoSuchShop");
    }
  }

  @Test
  void lists_are_filtered_and_go_on_over_all_cells() {
    var merchants = new HashSet<String>();
    for (int i = 0; i < 3; i++) {
      for (int cell = 0; cell < world.cells.all().size(); cell++) {
        merchants.add(
            world
                .post("/merchants", "{\"name\":\"100%% Paged\",\"cell\":%d}".formatted(cell))
                .text("/id"));
      }
    }
    var listed = world.all("/merchants?name=100%25%20paged", 2);
    assertThat(listed.stream().map(each -> each.get("id").asString()))
        .containsExactlyInAnyOrderElementsOf(merchants);

    String one = merchants.iterator().next();
    String first = sub(one);
    String second = sub(one);
    sub(merchant());
    assertThat(
            world.all("/sub-merchants?merchant=" + one, 1).stream()
                .map(each -> each.get("id").asString()))
        .containsExactly(first, second);
    String shops = "/sub-merchants/" + first + "/shops";
    String shop = world.post(shops, "{}").text("/id");
    String other = world.post(shops, "{}").text("/id");
    world.post("/sub-merchants/" + second + "/shops", "{}");
    assertThat(
            world.all("/shops?subMerchant=" + first, 1).stream()
                .map(each -> each.get("id").asString()))
        .containsExactly(shop, other);
    assertThat(world.get("/sub-merchants?merchant=none").at("/items").size()).isZero();
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void everything_the_areas_declare_has_happened_here() {
    world.requireWhole("merchants");
    world.requireWhole("sub-merchants");
    world.requireWhole("shops");
  }
}
