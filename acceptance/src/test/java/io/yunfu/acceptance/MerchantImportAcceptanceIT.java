package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.LoopbackPorts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// A merchant that moves here with its ids, its prefixes and its keys, by nothing but `yunfu admin`
/// and files, at a production server; then its programs go on as before. Source:
/// `docs/operating/merchants.md`, "Import one that exists".
class MerchantImportAcceptanceIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String PROVIDER = "sz01mMerchant0000001";
  private static final String SUB_MERCHANT = "sz01sSubMerchant0001";
  private static final String SHOP = "sz01hShop00000000001";
  private static final String PROVIDER_KEY = "c0ffee11c0ffee22c0ffee33c0ffee44";
  private static final String KEY = "5ub5ub5ub5ub5ub5ub5ub5ub5ub5ub55";
  private static final String ONE_PREFIX = "sz01743939";
  private static final String OTHER_PREFIX = "17439390";
  private static final String OTHER_API_KEY = "ANOTHERKEY0000000000000000000002";
  private static final String PASSWORD = "opens-the-certificate-0001";

  /// What no command prints. A merchant's key is in the answer that makes it, or takes it.
  private static final List<String> NEVER_SHOWN =
      List.of(
          SimulatedChannels.WECHAT_KEY,
          OTHER_API_KEY,
          SimulatedChannels.ALIPAY_TOKEN,
          PASSWORD,
          Installation.ADMIN_TOKEN);

  private static final int TOTAL = 1990;
  private static final int WRONG_PREFIX = 90012;
  private static final int WRONG_CODE = 7;
  private static final int NO_RIGHT = 90026;

  private final Path directory = Scratch.directory();
  private final Http http = new Http();
  private final MerchantsDoor merchant = new MerchantsDoor();
  private final int port = LoopbackPorts.free();

  @AfterEach
  void close() {
    merchant.close();
    http.close();
  }

  @Test
  void a_merchant_that_is_imported_goes_on_as_before_and_none_of_its_secrets_is_stored_in_clear()
      throws Exception {
    try (var channels = new SimulatedChannels(directory, http)) {
      var installation = new Installation(channels.settings(port));
      Installation.Node node = installation.start(port);
      admin("accounts", "list"); // the token is taken from its file
      importMerchant();
      setChannels(channels);
      String wechat = pays(channels, program(KEY), ONE_PREFIX + "a00000000001", "wechat");
      requireToldWith(PROVIDER_KEY, wechat, node);
      String alipay = pays(channels, program(KEY), OTHER_PREFIX + "000000000002", "alipay");
      requireToldWith(PROVIDER_KEY, alipay, node);
      requireRightOfRefunds(wechat);
      requirePrefixes();
      var made = new ArrayList<>(rotateKeys(channels, node));
      made.addAll(List.of(PROVIDER_KEY, KEY));
      replaceCredentials(channels);
      requireSealed(installation, made, channels);
      node.stop();
      installation.requireSoundBooks();
    }
  }

  private void importMerchant() throws Exception {
    JsonNode provider =
        admin(
            "merchants",
            "create",
            "--id=" + PROVIDER,
            "--name=Moved Services",
            "--key-file=" + secret("provider.key", PROVIDER_KEY),
            "--callback-url=" + merchant.url());
    assertThat(provider.get("id").asString()).isEqualTo(PROVIDER);
    JsonNode sub =
        admin(
            "sub-merchants",
            "create",
            PROVIDER,
            "--id=" + SUB_MERCHANT,
            "--key-file=" + secret("sub.key", KEY),
            "--prefixes=" + ONE_PREFIX,
            "--prefixes=" + OTHER_PREFIX,
            "--refund-needs-right=true",
            "--fee-ppm=6000");
    assertThat(sub.get("id").asString()).isEqualTo(SUB_MERCHANT);
    JsonNode shop =
        admin(
            "shops",
            "create",
            SUB_MERCHANT,
            "--id=" + SHOP,
            "--own-number=7",
            "--refund-staff=s17");
    assertThat(shop.get("id").asString()).isEqualTo(SHOP);
    // What was cut off is repeated as it was, and goes on where it stopped.
    Program.Ended again = run("shops", "create", SUB_MERCHANT, "--id=" + SHOP, "--own-number=7");
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.err()).contains("IdTaken");
  }

  private void setChannels(SimulatedChannels channels) throws Exception {
    admin(
        "channels",
        "set-wechat",
        PROVIDER,
        "--merchant-number=" + SimulatedChannels.WECHAT_NUMBER,
        "--app-ids=" + SimulatedChannels.WECHAT_APP,
        "--api-key-file=" + secret("api.key", SimulatedChannels.WECHAT_KEY),
        "--certificate-pem=" + channels.text(SimulatedChannels.wechatCertificateFile()),
        "--certificate-key-pem-file=" + channels.file(SimulatedChannels.wechatKeyFile()));
    admin(
        "channels",
        "set-sub-wechat",
        SUB_MERCHANT,
        "--merchant-number=" + SimulatedChannels.WECHAT_SUB_NUMBER,
        "--app-ids=" + SimulatedChannels.WECHAT_SUB_APP);
    admin(
        "channels",
        "set-alipay",
        PROVIDER,
        "--app-id=" + SimulatedChannels.ALIPAY_APP,
        "--private-key-file=" + channels.file(SimulatedChannels.alipayKeyFile()),
        "--alipay-public-key=" + channels.text(SimulatedChannels.alipayPublicKeyFile()));
    admin(
        "channels",
        "set-sub-alipay",
        SUB_MERCHANT,
        "--app-auth-token-file=" + secret("token", SimulatedChannels.ALIPAY_TOKEN),
        "--seller-id=" + SimulatedChannels.ALIPAY_SELLER);
    JsonNode known = admin("channels", "of-sub-merchant", SUB_MERCHANT);
    assertThat(known.get("items")).as(known.toString()).hasSize(2);
    for (JsonNode channel : known.get("items")) {
      assertThat(channel.get("complete").asBoolean()).as(known.toString()).isTrue();
    }
  }

  /// The merchant's program, which knows nothing of the move.
  private CloudPay program(String key) {
    return new CloudPay(http, "http://127.0.0.1:" + port + "/cpay", key);
  }

  private static String seller() {
    return "\"out_mch_id\":\"%s\",\"out_sub_mch_id\":\"%s\",\"out_shop_id\":\"%s\""
        .formatted(PROVIDER, SUB_MERCHANT, SHOP);
  }

  private static String payText(SimulatedChannels channels, String number, String channel) {
    String payer =
        channel.equals("wechat")
            ? "\"pay_platform\":1,\"wxpay_pay_mch_key_ext\":{\"sub_open_id\":\"%s\"}"
                .formatted(channels.wechatPayer())
            : "\"pay_platform\":2,\"alipay_pay_mch_key_ext\":{\"user_id\":\"%s\"}"
                .formatted(channels.alipayPayer());
    return """
    {"pay_mch_key":{%s,%s},"pay_content":{"out_trade_no":"%s","total_fee":%d,"fee_type":"CNY",\
    "body":"tea"},"order_client":{"spbill_create_ip":"198.51.100.7"},"nonce_str":"n1"}\
    """
        .formatted(seller(), payer, number, TOTAL);
  }

  /// Has an order, and somebody pays it.
  ///
  /// @return its number
  private static String pays(
      SimulatedChannels channels, CloudPay program, String number, String channel)
      throws Exception {
    JsonNode content = program.call("official_account_pay", payText(channels, number, channel));
    assertThat(content.get("status").asInt()).as(content.toString()).isZero();
    channels.pay(
        SimulatedChannels.reference(content.at("/official_account_pay/jsapi_args")), false);
    return number;
  }

  /// The merchant hears of it, signed with this key.
  private void requireToldWith(String key, String number, Installation.Node node) throws Exception {
    awaitTold(number, node);
    assertThat(isToldWith(key, number)).as(merchant.told(number).toString()).isTrue();
  }

  private void awaitTold(String number, Installation.Node node) {
    node.program().await("the payment of " + number + " is told", () -> merchant.heard(number));
  }

  private boolean isToldWith(String key, String number) throws GeneralSecurityException {
    JsonNode told = merchant.told(number);
    return told.at("/authen_info/a/authen_code")
        .asString()
        .equals(CloudPay.code(key, told.get("request_content").asString()));
  }

  private void requireRightOfRefunds(String number) throws Exception {
    String refund =
        """
        {"pay_mch_key":{%s,"authorization_staff_id":"s17"},"refund_content":{"out_trade_no":"%s",\
        "out_refund_no":"%sR","total_fee":%d,"refund_fee":%d},"nonce_str":"n3"}\
        """
            .formatted(seller(), number, number, TOTAL, TOTAL);
    JsonNode refused = program(KEY).call("refund", refund.replace("s17", "s18"));
    assertThat(refused.get("internal_status").asInt()).as(refused.toString()).isEqualTo(NO_RIGHT);
    assertThat(program(KEY).call("refund", refund).get("status").asInt()).isZero();
  }

  private void requirePrefixes() throws Exception {
    String number = "99990000" + "000000000003";
    String text =
        """
        {"pay_mch_key":{%s,"pay_platform":1,"wxpay_pay_mch_key_ext":{"sub_open_id":"oSomebody"}},\
        "pay_content":{"out_trade_no":"%s","total_fee":1,"fee_type":"CNY","body":"tea"},\
        "order_client":{"spbill_create_ip":"198.51.100.7"},"nonce_str":"n4"}\
        """
            .formatted(seller(), number);
    JsonNode refused = program(KEY).call("official_account_pay", text);
    assertThat(refused.get("internal_status").asInt())
        .as(refused.toString())
        .isEqualTo(WRONG_PREFIX);
    admin("sub-merchants", "change", SUB_MERCHANT, "--prefixes-checked=false");
    awaitStatus(KEY, text, 0);
    admin("sub-merchants", "change", SUB_MERCHANT, "--prefixes-checked=true");
    awaitStatus(KEY, text.replace("000000000003", "000000000004"), WRONG_PREFIX);
  }

  /// A change is seen by all nodes within a second.
  private void awaitStatus(String key, String text, int internalStatus) throws Exception {
    long end = System.nanoTime() + Program.PATIENCE.toNanos();
    JsonNode content = program(key).call("official_account_pay", text);
    while (content.get("internal_status").asInt() != internalStatus) {
      assertThat(System.nanoTime()).as(content.toString()).isLessThan(end);
      Program.pause();
      content = program(key).call("official_account_pay", text);
    }
  }

  /// @return the new keys
  private List<String> rotateKeys(SimulatedChannels channels, Installation.Node node)
      throws Exception {
    String next =
        admin("sub-merchants", "rotate-key", SUB_MERCHANT, "--overlap-seconds=3600")
            .get("key")
            .asString();
    assertThat(next).hasSize(32).isNotEqualTo(KEY);
    String text = payText(channels, ONE_PREFIX + "b00000000005", "wechat");
    awaitStatus(next, text, 0);
    awaitStatus(KEY, text, 0); // both, and each answer is signed with the key of its call
    admin("sub-merchants", "retire-key", SUB_MERCHANT);
    awaitStatus(KEY, text, WRONG_CODE);
    awaitStatus(next, text, 0);

    String ofProvider = admin("merchants", "rotate-key", PROVIDER).get("key").asString();
    assertThat(ofProvider).hasSize(32).isNotEqualTo(PROVIDER_KEY);
    long end = System.nanoTime() + Program.PATIENCE.toNanos();
    String number;
    int count = 6;
    do { // a change is seen by all nodes within a second
      assertThat(System.nanoTime()).as("signed with the old key").isLessThan(end);
      number = pays(channels, program(next), ONE_PREFIX + "b%011d".formatted(count++), "wechat");
      awaitTold(number, node);
    } while (isToldWith(PROVIDER_KEY, number));
    requireToldWith(ofProvider, number, node);
    return List.of(next, ofProvider);
  }

  /// Another API v2 key, beside the old one, and the certificate as the file that WeChat Pay hands
  /// out.
  private void replaceCredentials(SimulatedChannels channels) throws Exception {
    Path certificate = directory.resolve("certificate.base64");
    Files.writeString(certificate, Base64.getEncoder().encodeToString(pkcs12(channels)));
    JsonNode set =
        admin(
            "channels",
            "set-wechat",
            PROVIDER,
            "--merchant-number=" + SimulatedChannels.WECHAT_NUMBER,
            "--app-ids=" + SimulatedChannels.WECHAT_APP,
            "--api-key-file=" + secret("other.key", OTHER_API_KEY),
            "--certificate-file=" + certificate,
            "--certificate-password-file=" + secret("password", PASSWORD));
    assertThat(set.has("oldKeyUntil")).as(set.toString()).isTrue();
  }

  /// The client certificate, with a password that is no number.
  private static byte[] pkcs12(SimulatedChannels channels)
      throws IOException, GeneralSecurityException {
    char[] number = SimulatedChannels.WECHAT_NUMBER.toCharArray();
    var given = KeyStore.getInstance("PKCS12");
    given.load(
        new ByteArrayInputStream(
            Files.readAllBytes(channels.file(SimulatedChannels.WECHAT_NUMBER + ".p12"))),
        number);
    String alias = given.aliases().nextElement();
    var made = KeyStore.getInstance("PKCS12");
    made.load(null, null);
    made.setKeyEntry(
        alias,
        given.getKey(alias, number),
        PASSWORD.toCharArray(),
        given.getCertificateChain(alias));
    var bytes = new ByteArrayOutputStream();
    made.store(bytes, PASSWORD.toCharArray());
    return bytes.toByteArray();
  }

  /// Looks for every secret in every column of every table, in whatever form it could stand there.
  private void requireSealed(
      Installation installation, List<String> keys, SimulatedChannels channels) throws Exception {
    var secrets = new LinkedHashMap<String, String>();
    keys.forEach(key -> secrets.put("key " + key, key));
    secrets.put("API v2 key", SimulatedChannels.WECHAT_KEY);
    secrets.put("other API v2 key", OTHER_API_KEY);
    secrets.put("app_auth_token", SimulatedChannels.ALIPAY_TOKEN);
    secrets.put("password", PASSWORD);
    secrets.put("token of the admin API", Installation.ADMIN_TOKEN);
    secrets.put("PKCS#12", Files.readString(directory.resolve("certificate.base64"), UTF_8));
    for (String file :
        List.of(SimulatedChannels.wechatKeyFile(), SimulatedChannels.alipayKeyFile())) {
      secrets.put(file, String.join("", body(channels.text(file))));
      secrets.put("a line of " + file, body(channels.text(file)).get(10));
    }
    try (Connection database = installation.connect()) {
      List<String> tables = tables(database);
      // What is no secret is found, so these would be.
      assertThat(holding(database, tables, SUB_MERCHANT)).isNotEmpty();
      assertThat(holding(database, tables, SimulatedChannels.WECHAT_NUMBER)).isNotEmpty();
      for (var secret : secrets.entrySet()) {
        for (String form : forms(secret.getValue())) {
          assertThat(holding(database, tables, form)).as(secret.getKey()).isEmpty();
        }
      }
    }
  }

  /// The lines of a PEM file without its frame.
  private static List<String> body(String pem) {
    return pem.lines().filter(line -> !line.startsWith("-")).toList();
  }

  /// A text as it could stand in a column: as text, as bytes, and in Base64; Base64 as bytes, too.
  private static List<String> forms(String secret) {
    var forms = new ArrayList<>(List.of(secret, HexFormat.of().formatHex(secret.getBytes(UTF_8))));
    forms.add(Base64.getEncoder().withoutPadding().encodeToString(secret.getBytes(UTF_8)));
    if (secret.length() > 100) {
      forms.add(HexFormat.of().formatHex(Base64.getMimeDecoder().decode(secret)));
    }
    return forms;
  }

  private static List<String> tables(Connection database) throws SQLException {
    var tables = new ArrayList<String>();
    try (var statement = database.createStatement();
        var rows =
            statement.executeQuery(
                """
                select format('%I.%I', table_schema, table_name) from information_schema.tables
                 where table_type = 'BASE TABLE'
                   and table_schema not in ('pg_catalog', 'information_schema')
                """)) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return tables;
  }

  /// The tables with a row that holds this text in any of its columns.
  private static Set<String> holding(Connection database, List<String> tables, String text)
      throws SQLException {
    var found = new TreeSet<String>();
    for (String table : tables) {
      String sql = "select exists (select from %s t where strpos(t::text, ?) > 0)".formatted(table);
      try (var statement = database.prepareStatement(sql)) {
        statement.setString(1, text);
        try (var rows = statement.executeQuery()) {
          rows.next();
          if (rows.getBoolean(1)) {
            found.add(table);
          }
        }
      }
    }
    return found;
  }

  /// A file that holds a secret, as operators keep them.
  private Path secret(String name, String value) throws IOException {
    Secrets.remember(value);
    return Files.writeString(directory.resolve(name), value + "\n");
  }

  private JsonNode admin(String... words) throws IOException {
    Program.Ended ended = run(words);
    assertThat(ended.status()).as("%s%s", Arrays.toString(words), ended.err()).isZero();
    return JSON.readTree(ended.out());
  }

  private Program.Ended run(String... words) throws IOException {
    var all = new ArrayList<>(List.of("admin"));
    all.addAll(List.of(words));
    Program.Ended ended =
        Program.run(
            directory,
            Map.of(
                "LC_ALL",
                "C",
                "YUNFU_ADMIN_URL",
                "http://127.0.0.1:" + port,
                "YUNFU_ADMIN_TOKEN_FILE",
                secret("admin.token", Installation.ADMIN_TOKEN).toString()),
            all.toArray(String[]::new));
    assertThat(NEVER_SHOWN)
        .as(Arrays.toString(words))
        .noneMatch(secret -> (ended.out() + ended.err()).contains(secret));
    return ended;
  }
}
