package io.yunfu.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
  private static final String HEX = "00112233445566778899aabbccddeeff".repeat(2);

  @TempDir private Path directory;

  /// Pins every default. Who changes one here tells the operators in `CHANGELOG.md`.
  @Test
  void the_defaults_are_these() {
    String defaults =
        ConfigurationPage.defaults().entrySet().stream()
            .map(entry -> entry.getKey() + " = " + entry.getValue())
            .map(String::strip)
            .collect(Collectors.joining("\n", "", "\n"));
    assertThat(defaults)
        .isEqualTo(
            """
            http.enabled = true
            http.host = 127.0.0.1
            http.port = 8080
            http.public-hosts =
            http.trusted-proxies =
            http.cors-origins =
            http.max-connections = 8192
            http.accept-queue = 1024
            http.request-timeout = 30s
            http.idle-timeout = 60s
            http.shutdown-grace = 30s
            http.gzip-from = 4KiB
            http.body-memory = 64MiB
            https.port = 0
            https.certificate-file =
            https.key-file =
            https.reload-interval = 30s
            data.directory = data
            database.url =
            database.user = yunfu
            database.password =
            database.password-file =
            database.ssl-mode = prefer
            database.ssl-root-cert =
            database.ssl-cert =
            database.ssl-key =
            database.pool-size = 16
            database.connect-timeout = 2s
            database.statement-timeout = 10s
            database.lock-timeout = 5s
            database.idle-in-transaction-timeout = 30s
            cells.count = 1
            master-key =
            master-key-file =
            admin.enabled = true
            admin.token =
            admin.token-file =
            admin.allowed-addresses =
            admin.body-limit = 1MiB
            api.clock-window = 300s
            api.get-limit = 32KiB
            api.post-v1-limit = 1MiB
            api.post-v3-limit = 10MiB
            api.response-limit = 10MiB
            api.anonymous =
            api.allowed-addresses =
            api.blocked-addresses =
            api.address-rate-limit = 0
            api.account-rate-limit = 0
            api.offline-actions =
            rate-limit.default = 20
            rate-limit.actions.{ACTION} =
            rate-limit.accounts.{UIN}[.ACTION] =
            billing.default-edition = china
            billing.china.extended-pay = true
            billing.max-ids = 100
            deal.unpaid-ttl = 15d
            pay.delivery-wait = 10s
            pay.deadline = 5s
            pay.lanes = 1
            pay.batch = 256
            pay.queue = 4096
            pay.deliver-at-once = true
            delivery.batch = 500
            delivery.poll = 250ms
            delivery.idle-poll = 1s
            delivery.head-start = 1s
            delivery.calls-per-provider = 16
            delivery.retry-first = 1s
            delivery.retry-max = 1h
            delivery.give-up-after = 1d
            delivery.accepted-at-most = 7d
            delivery.circuit-after = 5
            delivery.circuit-pause = 1s
            delivery.circuit-pause-max = 1m
            delivery.stop-grace = 10s
            delivery.sample-every = 10s
            delivery.allow-private-targets = false
            gateway.enabled = false
            gateway.public-url =
            gateway.lenient-envelope = false
            gateway.allow-other-hosts = false
            gateway.wechat.url = https://api.mch.weixin.qq.com
            gateway.wechat.failover-url =
            gateway.wechat.close-after = 310s
            gateway.wechat.close-at-once = true
            gateway.wechat.refund-spacing = 61s
            gateway.wechat.refunded-when-whole = false
            gateway.alipay.url = https://openapi.alipay.com/gateway.do
            gateway.root-certificates =
            gateway.longest-expiry = 7d
            gateway.looks = 5s, 10s, 20s, 40s, 1m
            gateway.orders.deadline = 5s
            gateway.orders.lanes = 1
            gateway.orders.batch = 256
            gateway.orders.queue = 4096
            gateway.channel-notices.address-rate-limit = 1000
            gateway.channel-notices.keep = 90d
            gateway.notices.allow-private-targets = false
            gateway.notices.standard-schedule = 30s, 45s, 1m
            gateway.notices.long-schedule = 15s, 15s, 30s, 3m, 10m, 20m, 30m, 30m, 30m, 1h, 3h, 3h, 3h, 6h, 6h
            gateway.bills.enabled = true
            gateway.bills.wechat-from = 10:05
            gateway.bills.alipay-from = 09:30
            gateway.bills.until = 23:00
            gateway.bills.retry-every = 15m
            gateway.bills.late-after = 1h
            log.level = info
            log.format = json
            metrics.enabled = true
            metrics.token =
            metrics.token-file =
            tracing.endpoint =
            tracing.sample-ratio = 0.1
            """);
  }

  @Test
  void the_defaults_make_a_configuration() {
    Configuration configuration = Configuration.read(List.of());
    assertThat(configuration.http().port()).isEqualTo(8080);
    assertThat(configuration.https().enabled()).isFalse();
    assertThat(configuration.database().embedded()).isTrue();
    assertThat(configuration.masterKey()).isEmpty();
    assertThat(configuration.pay().deliveryWait()).isEqualTo(Duration.ofSeconds(10));
    assertThat(configuration.deal().unpaidTtl()).isEqualTo(Duration.ofDays(15));
    assertThat(configuration.api().getLimit().bytes()).isEqualTo(32 * 1024);
    assertThat(configuration.rateLimits().perSecond(1, "PayDeals")).isEqualTo(20);
  }

  /// Write it anew with `./dev golden server ConfigurationTest`.
  @Test
  void the_page_of_all_keys_is_current() throws Exception {
    Path page = Path.of("../docs/operating/configuration.md");
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(page, ConfigurationPage.markdown());
    }
    assertThat(page).hasContent(ConfigurationPage.markdown());
  }

  @Test
  void every_key_is_on_the_page_and_in_the_help() {
    ConfigurationPage.defaults()
        .keySet()
        .forEach(key -> {
          assertThat(ConfigurationPage.markdown()).contains("`" + key + "`<br>`YUNFU_");
          assertThat(ConfigurationPage.text()).contains("\n  " + key + " ");
        });
    assertThat(ConfigurationPage.markdown()).contains("`YUNFU_PAY_DELIVERY_WAIT`");
  }

  @Test
  void the_environment_wins_over_the_file_and_the_command_line_over_both() throws Exception {
    Path file =
        file(
            """
            # a comment

            pay.delivery-wait = 1s
              pay.batch=7
            http.host = 0.0.0.0
            pay.queue = 9
            """);
    Configuration configuration =
        Configuration.read(
            List.of(
                Source.file(file),
                Source.environment(
                    Map.of("YUNFU_PAY_DELIVERY_WAIT", "2s", "YUNFU_PAY_QUEUE", "10", "PATH", "x")),
                Source.of("the command line", Map.of("pay.queue", "11"))));
    assertThat(configuration.pay().deliveryWait()).isEqualTo(Duration.ofSeconds(2));
    assertThat(configuration.pay().batch()).isEqualTo(7);
    assertThat(configuration.pay().queue()).isEqualTo(11);
    assertThat(configuration.http().host()).isEqualTo("0.0.0.0");
  }

  @Test
  void an_empty_variable_counts_as_not_set_and_those_of_the_launcher_are_passed_over() {
    Configuration configuration =
        Configuration.read(
            List.of(
                Source.environment(
                    Map.of(
                        "YUNFU_PAY_BATCH", "", "YUNFU_JAVA_OPTS", "-Xmx1g", "YUNFU_CONFIG", "f"))));
    assertThat(configuration.pay().batch()).isEqualTo(256);
  }

  @Test
  void all_mistakes_are_told_together_each_with_its_place() throws Exception {
    Path file =
        file(
            """
            pay.batsch = 1
            pay.batch = many
            pay.batch = 3
            just words
            pay.queue = 0
            pay.delivery-wait = 10
            api.get-limit = 10 monkeys
            log.format = yaml
            http.trusted-proxies = 10.0.0.0/8, proxy.local
            http.cors-origins = shop.example
            billing.china.extended-pay = yes
            tracing.sample-ratio = 2
            tracing.endpoint = collector:4318
            https.port = 8443
            """);
    var invalid =
        catchThrowableOfType(
            ConfigurationInvalid.class,
            () ->
                Configuration.read(
                    List.of(
                        Source.file(file),
                        Source.environment(
                            Map.of("YUNFU_HTTP_PROT", "1", "YUNFU_CELLS_COUNT", "-1")))));
    assertThat(invalid.mistakes())
        .containsExactlyInAnyOrder(
            file + ", line 3: 'pay.batch' stands already in " + file + ", line 2",
            file + ", line 4: not of the form 'key = value'",
            file + ", line 2: pay.batch: 'many' is not a whole number",
            file + ", line 5: pay.queue: 0 is not within 1 to 1000000",
            file
                + ", line 6: pay.delivery-wait: '10' is not a duration such as 250ms, 10s, 5m, 2h or"
                + " 15d",
            file
                + ", line 7: api.get-limit: '10 monkeys' is not a size such as 512, 32KiB or 10MiB",
            file + ", line 8: log.format: 'yaml' is not one of json, text",
            file
                + ", line 9: http.trusted-proxies: 'proxy.local' is neither an address nor a range"
                + " such as 10.0.0.0/8",
            "http.cors-origins: 'shop.example' is not of the form https://host[:port]",
            file + ", line 11: billing.china.extended-pay: 'yes' is not true or false",
            file + ", line 12: tracing.sample-ratio: 2 is not within 0 to 1",
            "tracing.endpoint: 'collector:4318' is not an http or https address",
            "https.port: HTTPS needs https.certificate-file and https.key-file",
            "environment variable YUNFU_CELLS_COUNT: cells.count: -1 is not within 1 to 1000",
            file + ", line 1: there is no key 'pay.batsch'; did you mean 'pay.batch'?",
            "environment variable YUNFU_HTTP_PROT: there is no key 'YUNFU_HTTP_PROT'; did you mean"
                + " 'YUNFU_HTTP_PORT'?");
    assertThat(invalid).hasMessageContainingAll(invalid.mistakes().toArray(String[]::new));
  }

  @Test
  void the_gateway_says_what_it_cannot_do_without_and_what_is_no_address() {
    var invalid =
        catchThrowableOfType(
            ConfigurationInvalid.class,
            () ->
                Configuration.with(
                    Map.of(
                        "gateway.enabled", "true",
                        "gateway.wechat.url", "api.mch.weixin.qq.com",
                        "gateway.alipay.url", "https://user@openapi.alipay.com/",
                        "gateway.notices.standard-schedule", "30s, soon",
                        "gateway.notices.long-schedule", "0")));
    assertThat(invalid.mistakes())
        .containsExactlyInAnyOrder(
            "gateway.public-url: must be set with gateway.enabled",
            "the program: gateway.wechat.url: 'api.mch.weixin.qq.com' is not of the form"
                + " https://host[:port][/path]",
            "the program: gateway.alipay.url: 'https://user@openapi.alipay.com/' is not of the form"
                + " https://host[:port][/path]",
            "the program: gateway.notices.standard-schedule: 'soon' is not a duration such as 250ms,"
                + " 10s, 5m, 2h or 15d",
            "the program: gateway.notices.long-schedule: 0 is not within 1ms to 30d");
  }

  @Test
  void a_channel_is_asked_at_a_host_of_its_own_and_over_https_unless_others_are_allowed() {
    Map<String, String> others =
        Map.of(
            "gateway.wechat.url", "https://api.mch.weixin.qq.com.example.com",
            "gateway.wechat.failover-url", "http://api2.mch.weixin.qq.com",
            "gateway.alipay.url", "https://myalipay.com/gateway.do");
    var invalid =
        catchThrowableOfType(ConfigurationInvalid.class, () -> Configuration.with(others));
    String why = "' is not at the channel, over https; gateway.allow-other-hosts lets it be";
    assertThat(invalid.mistakes())
        .containsExactlyInAnyOrder(
            "gateway.wechat.url: 'https://api.mch.weixin.qq.com.example.com" + why,
            "gateway.wechat.failover-url: 'http://api2.mch.weixin.qq.com" + why,
            "gateway.alipay.url: 'https://myalipay.com/gateway.do" + why);
    Map<String, String> allowed = new HashMap<>(others);
    allowed.put("gateway.allow-other-hosts", "true");
    assertThat(alipay(allowed)).hasHost("myalipay.com");
    String sandbox = "openapi-sandbox.dl.alipaydev.com";
    assertThat(alipay(Map.of("gateway.alipay.url", "https://" + sandbox + "/gateway.do")))
        .hasHost(sandbox);
  }

  private static URI alipay(Map<String, String> keys) {
    return Configuration.with(keys).gateway().alipay().url();
  }

  @Test
  void the_gateway_reads_its_addresses_and_schedules() {
    var gateway =
        Configuration.with(
                Map.of(
                    "gateway.enabled", "true",
                    "gateway.public-url", "https://pay.example.com/base/",
                    "gateway.wechat.failover-url", "https://api2.mch.weixin.qq.com",
                    "gateway.wechat.close-at-once", "false",
                    "gateway.notices.standard-schedule", "1s,2s"))
            .gateway();
    assertThat(gateway.settings().noticeBase()).hasToString("https://pay.example.com/base/");
    assertThat(gateway.settings().closeAfter()).isEqualTo(Duration.ofSeconds(310));
    assertThat(gateway.settings().closeAtOnce()).isFalse();
    assertThat(gateway.wechat().failoverUrl().orElseThrow())
        .hasToString("https://api2.mch.weixin.qq.com");
    assertThat(gateway.notices().schedule().standard())
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  @Test
  void a_file_that_cannot_be_read_is_a_mistake_like_others() throws Exception {
    Path latin = directory.resolve("latin");
    Files.write(latin, "http.host = \u00e4".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() ->
            Configuration.read(
                List.of(Source.file(directory.resolve("absent")), Source.file(latin))))
        .hasMessageContaining("absent: there is no such file")
        .hasMessageContaining("latin: is not UTF-8");
  }

  @Test
  void a_secret_is_read_from_a_file_and_printed_nowhere() throws Exception {
    Path password = directory.resolve("password");
    Files.writeString(password, "hunter2\n");
    Configuration configuration =
        Configuration.with(
            Map.of(
                "database.url",
                "postgresql://db/yunfu",
                "database.password-file",
                password.toString(),
                "master-key",
                HEX,
                "admin.token",
                "hunter3"));
    assertThat(configuration.database().password().orElseThrow().reveal()).isEqualTo("hunter2");
    assertThat(configuration.database().settings().orElseThrow().password()).isEqualTo("hunter2");
    assertThat(configuration.masterKey().orElseThrow().keyOf32Bytes()).hasSize(32);
    assertThat(configuration.admin().token().orElseThrow().matches("hunter3")).isTrue();
    assertThat(configuration.admin().token().orElseThrow().matches("hunter4")).isFalse();
    assertThat(configuration.toString()).doesNotContain("hunter", HEX).contains("***");
  }

  @Test
  void a_wrong_secret_is_not_quoted_in_the_mistake() {
    assertThatThrownBy(() ->
            Configuration.with(
                Map.of(
                    "master-key", "hunter2",
                    "database.url", "postgresql://me:hunter2@db/yunfu",
                    "admin.token", "hunter2",
                    "admin.token-file", "/nowhere")))
        .isInstanceOf(ConfigurationInvalid.class)
        .hasMessageContaining("master-key: is not 32 bytes in hex or Base64")
        .hasMessageContaining("database: a database URL holds no user and no password")
        .hasMessageContaining("admin.token-file: /nowhere cannot be read: there is no such file")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void what_the_engine_does_not_take_together_is_a_mistake_too() {
    assertThatThrownBy(() ->
            Configuration.with(Map.of("delivery.retry-first", "1h", "delivery.retry-max", "1s")))
        .hasMessageContaining("delivery: retries do not get faster");
    Configuration configuration = Configuration.with(Map.of("pay.deadline", "7s"));
    assertThat(configuration.pay().engine().patience()).isEqualTo(Duration.ofSeconds(7));
    assertThat(configuration.delivery().settings())
        .isEqualTo(io.yunfu.billing.delivery.DeliverySettings.DEFAULT);
  }

  @Test
  void a_secret_given_twice_is_a_mistake() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "b");
    assertThatThrownBy(() ->
            Configuration.with(
                Map.of("metrics.token", "a", "metrics.token-file", token.toString())))
        .hasMessageContaining("metrics.token: is given itself and by metrics.token-file");
  }

  @Test
  void an_external_database_needs_the_master_key() {
    assertThatThrownBy(() -> Configuration.with(Map.of("database.url", "postgresql://db/yunfu")))
        .hasMessageContaining("master-key: must be set");
  }

  @Test
  void a_certificate_for_the_database_needs_to_know_whom_to_trust_where_that_is_checked() {
    assertThatThrownBy(() ->
            Configuration.with(
                Map.of(
                    "database.url", "postgresql://db/yunfu",
                    "database.ssl-mode", "verify-full",
                    "database.ssl-cert", "/c",
                    "database.ssl-key", "/k",
                    "master-key", HEX)))
        .hasMessageContaining("database: a certificate of our own needs the root certificate");
  }

  @Test
  void the_most_special_rate_limit_wins() {
    Configuration configuration =
        Configuration.read(
            List.of(
                Source.of(
                    "test",
                    Map.of(
                        "rate-limit.default", "10",
                        "rate-limit.actions.PayDeals", "50",
                        "rate-limit.accounts.100000000001", "200",
                        "rate-limit.accounts.100000000001.PayDeals", "0")),
                Source.environment(
                    Map.of(
                        "YUNFU_RATE_LIMIT_ACTIONS_DescribeDealsByCond", "5",
                        "YUNFU_RATE_LIMIT_ACCOUNTS_7_PayDeals", "3"))));
    RateLimits limits = configuration.rateLimits();
    assertThat(limits.perSecond(2, "Other")).isEqualTo(10);
    assertThat(limits.perSecond(2, "PayDeals")).isEqualTo(50);
    assertThat(limits.perSecond(2, "DescribeDealsByCond")).isEqualTo(5);
    assertThat(limits.perSecond(7, "PayDeals")).isEqualTo(3);
    assertThat(limits.perSecond(100000000001L, "Other")).isEqualTo(200);
    assertThat(limits.perSecond(100000000001L, "PayDeals")).isZero();
  }

  @Test
  void names_of_the_operators_choosing_are_checked_too() {
    assertThatThrownBy(() ->
            Configuration.with(
                Map.of(
                    "rate-limit.actions.pay-deals", "5",
                    "rate-limit.accounts.0", "5",
                    "rate-limit.actions.PayDeals", "x")))
        .hasMessageContaining("there is no key 'rate-limit.actions.pay-deals'")
        .hasMessageContaining("there is no key 'rate-limit.accounts.0'")
        .hasMessageContaining("rate-limit.actions.PayDeals: 'x' is not a whole number");
  }

  @Test
  void actions_that_the_api_does_not_have_are_refused_by_name() {
    Configuration configuration =
        Configuration.with(
            Map.of(
                "rate-limit.actions.PayDeal", "5",
                "rate-limit.accounts.7.DescribeBalance", "5",
                "api.offline-actions", "PayDeals, RefundInstanse"));
    assertThatThrownBy(() ->
            configuration.checkActions(
                Set.of("PayDeals", "RefundInstance", "DescribeAccountBalance")))
        .isInstanceOf(ConfigurationInvalid.class)
        .hasMessageContaining(
            "rate-limit.actions.PayDeal: there is no action 'PayDeal'; did you mean 'PayDeals'?")
        .hasMessageContaining("api.offline-actions: there is no action 'RefundInstanse'")
        .hasMessageContaining("rate-limit.accounts.7.DescribeBalance: there is no action");
    Configuration.with(Map.of("rate-limit.actions.PayDeals", "5")).checkActions(Set.of("PayDeals"));
  }

  @Test
  void durations_and_sizes_are_read_as_they_are_written() {
    for (String text : List.of("0", "250ms", "10s", "5m", "2h", "15d", "90s")) {
      assertThat(Durations.text(Durations.parse(text))).isEqualTo(text);
    }
    for (String text : List.of("0B", "512B", "32KiB", "10MiB", "3GiB", "1025B")) {
      assertThat(DataSize.parse(text)).hasToString(text);
    }
    assertThat(DataSize.parse("1024")).isEqualTo(DataSize.parse("1KiB"));
    for (String text : List.of("", "s", "-1s", "1.5s", "10 s s", "1w", "99999999999d")) {
      assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
    for (String text : List.of("", "KiB", "-1", "1.5MiB", "1KB", "999999999999999GiB")) {
      assertThatThrownBy(() -> DataSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void an_address_is_within_a_range_or_not() {
    AddressRanges ranges =
        AddressRanges.parse(List.of("10.0.0.0/8", "192.0.2.7", "2001:db8::/33", "0.0.0.0/32"));
    for (String in : List.of("10.255.1.2", "192.0.2.7", "2001:db8:7fff::1", "::ffff:10.0.0.1")) {
      assertThat(ranges.contains(in)).as(in).isTrue();
    }
    for (String out :
        List.of("11.0.0.1", "192.0.2.8", "2001:db8:8000::1", "::1", "", "localhost")) {
      assertThat(ranges.contains(out)).as(out).isFalse();
    }
    for (String wrong : List.of("10.0.0.0/33", "::/129", "a.b", "10.0.0.0/", "10.0.0.0/x")) {
      assertThatThrownBy(() -> AddressRanges.parse(List.of(wrong)))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(AddressRanges.parse(List.of("0.0.0.0/0")).contains("8.8.8.8")).isTrue();
  }

  private Path file(String text) throws Exception {
    return Files.writeString(directory.resolve("yunfu.properties"), text);
  }
}
