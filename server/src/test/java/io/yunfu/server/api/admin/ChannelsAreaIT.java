package io.yunfu.server.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.merchant.SubMerchantId;
import io.yunfu.kernel.Secret;
import io.yunfu.server.api.admin.AdminWorld.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.ObjectMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ChannelsAreaIT {
  private static final String API_KEY = "0123456789abcdefghijklmnopqrstuv";
  private static final String NUMBER = "1900000001";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final AdminWorld world = new AdminWorld();
  private final String merchant = world.post("/merchants", "{}").text("/id");
  private final String sub = sub(merchant);
  private final String ofMerchant = "/merchants/" + merchant + "/channels";
  private final String ofSub = "/sub-merchants/" + sub + "/channels";

  private final Map<String, Files3> made = new HashMap<>();

  @TempDir Path folder;

  @AfterAll
  void close() {
    world.close();
  }

  private String sub(String of) {
    return world
        .post("/merchants/" + of + "/sub-merchants", "{\"prefixes\":[\"10200001\"]}")
        .text("/id");
  }

  /// A client certificate as WeChat Pay hands it out, in its three forms.
  private record Files3(String pkcs12, String certificatePem, String keyPem) {}

  /// Made once for each name: that takes seconds.
  private Files3 certificate(String name) {
    return made.computeIfAbsent(name, this::makeCertificate);
  }

  private Files3 makeCertificate(String name) {
    try {
      Path file = folder.resolve(name + ".p12");
      var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
      var process =
          new ProcessBuilder(
                  keytool,
                  "-genkeypair",
                  "-alias",
                  "client",
                  "-keyalg",
                  "RSA",
                  "-keysize",
                  "2048",
                  "-dname",
                  "CN=" + name,
                  "-validity",
                  "365",
                  "-storetype",
                  "PKCS12",
                  "-storepass",
                  NUMBER,
                  "-keystore",
                  file.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        store.load(in, NUMBER.toCharArray());
      }
      return new Files3(
          Base64.getEncoder().encodeToString(Files.readAllBytes(file)),
          pem("CERTIFICATE", store.getCertificate("client").getEncoded()),
          pem("PRIVATE KEY", store.getKey("client", NUMBER.toCharArray()).getEncoded()));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String kind, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes), kind);
  }

  private static KeyPair pair() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(Key key) {
    return Base64.getEncoder().encodeToString(key.getEncoded());
  }

  /// A body; values that are texts are quoted.
  private static String body(Object... pairs) {
    var object = JSON.createObjectNode();
    for (int i = 0; i < pairs.length; i += 2) {
      object.set((String) pairs[i], JSON.valueToTree(pairs[i + 1]));
    }
    return object.toString();
  }

  private Answer wechat(Object... more) {
    var pairs = new ArrayList<Object>(List.of("merchantNumber", NUMBER));
    pairs.addAll(List.of("appIds", List.of("wx1", "wx2")));
    pairs.addAll(List.of(more));
    return world.send("PUT", ofMerchant + "/wechat", body(pairs.toArray()));
  }

  private Merchant asTheGatewaySeesIt() {
    return new Merchants(world.cells, world.masterKey, System::nanoTime)
        .find(new SubMerchantId(sub))
        .orElseThrow();
  }

  @Test
  @Order(1)
  void a_first_setting_needs_its_secrets() {
    assertThat(world.get(ofMerchant).at("/items").size()).isZero();
    assertThat(wechat().text("/error/field")).isEqualTo("apiKey");
    Answer alipay = world.send("PUT", ofMerchant + "/alipay", body("appId", "2021"));
    assertThat(alipay.text("/error/field")).isEqualTo("privateKey");
    assertThat(world.send("PUT", ofSub + "/alipay", "{}").text("/error/field"))
        .isEqualTo("appAuthToken");
    assertThat(world.get(ofMerchant).at("/items").size()).isZero();
  }

  @Test
  @Order(2)
  void credentials_of_wechat_pay_are_kept_and_shown_by_fingerprints_alone() {
    var file = certificate("first");
    Answer set = wechat("apiKey", API_KEY, "certificate", file.pkcs12());
    assertThat(set.status()).as(set.text()).isEqualTo(200);
    assertThat(set.text("/channel")).isEqualTo("wechat");
    assertThat(set.text("/signType")).isEqualTo("HMAC-SHA256");
    assertThat(set.text("/fingerprints/0/name")).isEqualTo("apiKey");
    assertThat(set.text("/fingerprints/0/sha256")).isEqualTo("73337f479fe170d7");
    assertThat(set.text("/fingerprints/1/subject")).isEqualTo("CN=first");
    assertThat(set.text("/fingerprints/1/sha256")).hasSize(64);
    assertThat(set.text("/fingerprints/1/expiresAt")).isNotEmpty();
    assertThat(world.lastChange("provider/" + merchant).action()).isEqualTo("channel-account.set");

    Answer below =
        world.send(
            "PUT",
            ofSub + "/wechat",
            body("merchantNumber", "1900000101", "appIds", List.of("wx3")));
    assertThat(below.at("/complete").asBoolean()).isTrue();
    var account =
        (ChannelAccount.Wechat) asTheGatewaySeesIt().account(PayPlatform.WECHAT).orElseThrow();
    assertThat(account.apiKey().reveal()).isEqualTo(API_KEY);
    assertThat(account.subMerchantNumber()).isEqualTo("1900000101");
    assertThat(account.certificate().orElseThrow().pkcs12().reveal()).isEqualTo(file.pkcs12());

    String later =
        set.text()
            + world.get(ofMerchant).text()
            + world.get(ofSub).text()
            + world.get("/audit?subject=provider/" + merchant).text()
            + world.log;
    assertThat(later)
        .contains(NUMBER)
        .doesNotContain(API_KEY)
        .doesNotContain(file.pkcs12().substring(0, 60));
  }

  @Test
  @Order(3)
  void a_secret_that_is_left_out_stays_and_another_takes_its_place() {
    Answer before = world.get(ofMerchant);
    Answer changed = wechat("signType", "MD5");
    assertThat(changed.text("/signType")).isEqualTo("MD5");
    assertThat(changed.at("/fingerprints")).isEqualTo(before.at("/items/0/fingerprints"));

    var other = certificate("second");
    Answer pem =
        wechat("certificatePem", other.certificatePem(), "certificateKeyPem", other.keyPem());
    assertThat(pem.status()).as(pem.text()).isEqualTo(200);
    assertThat(pem.text("/fingerprints/1/subject")).isEqualTo("CN=second");
    assertThat(pem.text("/fingerprints/0/sha256"))
        .isEqualTo(before.text("/items/0/fingerprints/0/sha256"));
    assertThat(wechat("apiKey", API_KEY.toUpperCase(Locale.ROOT)).text("/fingerprints/0/sha256"))
        .isNotEqualTo(before.text("/items/0/fingerprints/0/sha256"));
    assertThat(wechat("certificate", "").at("/fingerprints").size()).isEqualTo(1);
  }

  @Test
  @Order(4)
  void a_certificate_that_cannot_be_used_is_refused_and_nothing_changes() {
    String before = world.get(ofMerchant).text();
    var one = certificate("first");
    var two = certificate("second");
    Answer noFile = wechat("certificate", "AAAA");
    assertThat(noFile.status()).isEqualTo(422);
    assertThat(noFile.code()).isEqualTo("CredentialsUnusable");
    assertThat(noFile.text("/error/field")).isEqualTo("certificate");
    assertThat(wechat("certificate", one.pkcs12(), "certificatePassword", "other").code())
        .isEqualTo("CredentialsUnusable");
    Answer crossed =
        wechat("certificatePem", one.certificatePem(), "certificateKeyPem", two.keyPem());
    assertThat(crossed.text("/error/field")).isEqualTo("certificatePem");
    assertThat(crossed.text()).doesNotContain("BEGIN");
    assertThat(wechat("certificatePem", one.certificatePem()).text("/error/field"))
        .isEqualTo("certificateKeyPem");
    assertThat(
            wechat(
                    "certificate",
                    one.pkcs12(),
                    "certificatePem",
                    one.certificatePem(),
                    "certificateKeyPem",
                    one.keyPem())
                .text("/error/field"))
        .isEqualTo("certificate");
    assertThat(wechat("apiKey", "short").text("/error/field")).isEqualTo("apiKey");
    assertThat(world.get(ofMerchant).text()).isEqualTo(before);
  }

  @Test
  @Order(5)
  void alipay_is_trusted_by_a_public_key_or_by_certificates() {
    KeyPair ours = pair();
    KeyPair alipays = pair();
    String path = ofMerchant + "/alipay";
    Answer byKey =
        world.send(
            "PUT",
            path,
            body(
                "appId",
                "2021000000000001",
                "privateKey",
                pem("PRIVATE KEY", ours.getPrivate().getEncoded()),
                "alipayPublicKey",
                base64(alipays.getPublic())));
    assertThat(byKey.status()).as(byKey.text()).isEqualTo(200);
    assertThat(byKey.at("/fingerprints").valueStream().map(each -> each.get("name").asString()))
        .containsExactly("privateKey", "alipayPublicKey");
    Answer swapped =
        world.send("PUT", path, body("appId", "2021", "alipayPublicKey", base64(ours.getPublic())));
    assertThat(swapped.code()).isEqualTo("CredentialsUnusable");
    assertThat(swapped.text("/error/field")).isEqualTo("alipayPublicKey");
    Answer noKey = world.send("PUT", path, body("appId", "2021", "alipayPublicKey", "AAAA"));
    assertThat(noKey.text("/error/field")).isEqualTo("alipayPublicKey");
    Answer noPrivate =
        world.send(
            "PUT",
            path,
            body(
                "appId",
                "2021",
                "privateKey",
                "AAAA",
                "alipayPublicKey",
                base64(alipays.getPublic())));
    assertThat(noPrivate.text("/error/field")).isEqualTo("privateKey");
    assertThat(world.send("PUT", path, body("appId", "2021")).text("/error/field"))
        .isEqualTo("alipayPublicKey");

    var application = certificate("first");
    var alipay = certificate("second");
    Object[] certificates = {
      "appId",
      "2021000000000002",
      "privateKey",
      application.keyPem(),
      "applicationCertificate",
      application.certificatePem(),
      "alipayCertificates",
      List.of(alipay.certificatePem()),
      "rootCertificates",
      alipay.certificatePem() + application.certificatePem()
    };
    Answer byCertificates = world.send("PUT", path, body(certificates));
    assertThat(byCertificates.status()).as(byCertificates.text()).isEqualTo(200);
    assertThat(byCertificates.at("/fingerprints").size()).isEqualTo(5);
    for (int wrong : new int[] {5, 7, 9}) {
      Object[] others = certificates.clone();
      others[wrong] = wrong == 7 ? List.of("none") : wrong == 5 ? alipay.certificatePem() : "none";
      Answer refused = world.send("PUT", path, body(others));
      assertThat(refused.code()).isEqualTo("CredentialsUnusable");
      assertThat(refused.text("/error/field")).isEqualTo(certificates[wrong - 1]);
    }
    assertThat(
            world
                .send(
                    "PUT",
                    path,
                    body("appId", "1", "applicationCertificate", application.certificatePem()))
                .text("/error/field"))
        .isEqualTo("alipayCertificates");
    assertThat(world.get(ofMerchant).at("/items").size()).isEqualTo(2);
  }

  @Test
  @Order(6)
  void a_sub_merchant_authorises_the_application_or_has_its_own() {
    String path = ofSub + "/alipay";
    Answer set = world.send("PUT", path, body("appAuthToken", "202601BBtoken", "sellerId", "2088"));
    assertThat(set.text("/sellerId")).isEqualTo("2088");
    assertThat(set.text()).doesNotContain("202601BBtoken");
    assertThat(set.at("/complete").asBoolean()).isTrue();
    Answer kept = world.send("PUT", path, "{}");
    assertThat(kept.at("/fingerprints")).isEqualTo(set.at("/fingerprints"));
    assertThat(kept.at("/sellerId").isMissingNode()).isTrue();
    Answer both = world.send("PUT", path, body("appAuthToken", "t", "ownApplication", true));
    assertThat(both.text("/error/field")).isEqualTo("appAuthToken");
    String key = world.post("/sub-merchants/" + sub + "/rotate-key", "{}").text("/key");
    Answer same = world.send("PUT", path, body("appAuthToken", key));
    assertThat(same.code()).isEqualTo("CredentialsUnusable");
    assertThat(same.text("/error/field")).isEqualTo("appAuthToken");
    Answer own = world.send("PUT", path, body("ownApplication", true));
    assertThat(own.at("/fingerprints").size()).isZero();
  }

  @Test
  @Order(7)
  void half_of_an_account_is_not_complete() {
    String other = sub(world.post("/merchants", "{}").text("/id"));
    Answer half =
        world.send(
            "PUT",
            "/sub-merchants/" + other + "/channels/wechat",
            body("merchantNumber", "1900000102"));
    assertThat(half.at("/complete").asBoolean()).isFalse();
  }

  @Test
  @Order(8)
  void what_does_not_exist_is_not_found() {
    String wechat = body("merchantNumber", NUMBER, "appIds", List.of("wx1"), "apiKey", API_KEY);
    String alipay =
        body(
            "appId",
            "2021",
            "privateKey",
            base64(pair().getPrivate()),
            "alipayPublicKey",
            base64(pair().getPublic()));
    assertThat(world.get("/merchants/none/channels").code()).isEqualTo("NoSuchMerchant");
    assertThat(world.send("PUT", "/merchants/none/channels/wechat", wechat).code())
        .isEqualTo("NoSuchMerchant");
    assertThat(world.send("PUT", "/merchants/none/channels/alipay", alipay).code())
        .isEqualTo("NoSuchMerchant");
    assertThat(world.get("/sub-merchants/none/channels").code()).isEqualTo("NoSuchSubMerchant");
    assertThat(
            world
                .send("PUT", "/sub-merchants/none/channels/wechat", body("merchantNumber", "1"))
                .code())
        .isEqualTo("NoSuchSubMerchant");
    assertThat(
            world
                .send("PUT", "/sub-merchants/none/channels/alipay", body("appAuthToken", "t"))
                .code())
        .isEqualTo("NoSuchSubMerchant");
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void everything_the_area_declares_has_happened_here() {
    world.requireWhole("channels");
  }

  private String later(Duration time) {
    return world.clock.instant().plus(time).toString();
  }

  /// Sets a key, and says until when the one before counts.
  private String change(String path, String key, Object... more) {
    var pairs = new ArrayList<Object>(List.of("merchantNumber", NUMBER, "appIds", List.of("wx1")));
    pairs.addAll(List.of("apiKey", key));
    pairs.addAll(List.of(more));
    Answer set = world.send("PUT", path + "/wechat", body(pairs.toArray()));
    assertThat(set.status()).as(set.text()).isEqualTo(200);
    return set.text("/oldKeyUntil");
  }

  private ChannelAccount.Wechat asTheGatewaySees(String someSub) {
    return (ChannelAccount.Wechat)
        new Merchants(world.cells, world.masterKey, System::nanoTime)
            .find(new SubMerchantId(someSub))
            .orElseThrow()
            .account(PayPlatform.WECHAT)
            .orElseThrow();
  }

  private List<String> keys(String someSub) {
    return asTheGatewaySees(someSub).keysAt(world.clock.instant()).stream()
        .map(Secret::reveal)
        .toList();
  }

  @Test
  @Order(101)
  void an_old_key_of_wechat_pay_verifies_until_it_ends_by_itself_or_by_the_operator() {
    String first = "first-key-0000000000000000000001";
    String second = "second-key-000000000000000000001";
    String third = "third-key-0000000000000000000001";
    String owner = world.post("/merchants", "{}").text("/id");
    String path = "/merchants/" + owner + "/channels";
    String below = sub(owner);
    world.send("PUT", "/sub-merchants/" + below + "/channels/wechat", body("merchantNumber", "19"));

    assertThat(change(path, first)).isEmpty();
    assertThat(change(path, first)).isEmpty();
    assertThat(keys(below)).containsExactly(first);
    String until = later(Duration.ofDays(2));
    assertThat(change(path, second)).isEqualTo(until);
    assertThat(asTheGatewaySees(below).apiKey().reveal()).isEqualTo(second);
    assertThat(keys(below)).containsExactly(second, first);

    world.clock.advance(Duration.ofHours(1));
    assertThat(change(path, second, "signType", "MD5")).isEqualTo(until);
    assertThat(world.get(path).text("/items/0/oldKeyUntil")).isEqualTo(until);
    assertThat(world.lastChange("provider/" + owner).action()).isEqualTo("channel-account.set");
    assertThat(change(path, third, "overlapSeconds", 60)).isEqualTo(later(Duration.ofMinutes(1)));
    assertThat(keys(below)).containsExactly(third, second);
    world.clock.advance(Duration.ofSeconds(59));
    assertThat(keys(below)).containsExactly(third, second);
    world.clock.advance(Duration.ofSeconds(1));
    assertThat(keys(below)).containsExactly(third);
    assertThat(world.get(path).at("/items/0/oldKeyUntil").isMissingNode()).isTrue();

    change(path, first);
    Answer retired = world.post(path + "/wechat/retire-key", "");
    assertThat(retired.status()).as(retired.text()).isEqualTo(200);
    assertThat(retired.at("/items/0/oldKeyUntil").isMissingNode()).isTrue();
    assertThat(asTheGatewaySees(below).oldKey()).isEmpty();
    assertThat(world.lastChange("provider/" + owner).action())
        .isEqualTo("channel-account.retire-key");
    long before = world.changes();
    assertThat(world.post(path + "/wechat/retire-key", "").text()).isEqualTo(retired.text());
    assertThat(world.changes()).isEqualTo(before);
    assertThat(world.post("/merchants/none/channels/wechat/retire-key", "").code())
        .isEqualTo("NoSuchMerchant");

    assertThat(change(path, second, "overlapSeconds", 0)).isEmpty();
    assertThat(keys(below)).containsExactly(second);
    String later =
        world.get(path).text() + world.get("/audit?subject=provider/" + owner).text() + world.log;
    assertThat(later)
        .contains("channel-account.retire-key")
        .doesNotContain(first)
        .doesNotContain(second)
        .doesNotContain(third);
  }

  @Test
  @Order(102)
  void an_old_key_verifies_for_48_hours_at_most() {
    assertThat(wechat("overlapSeconds", 172_801).text("/error/field")).isEqualTo("overlapSeconds");
    assertThat(wechat("overlapSeconds", -1).text("/error/field")).isEqualTo("overlapSeconds");
  }
}
