package io.yunfu.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.account.Accounts;
import io.yunfu.db.TestDatabase;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.merchant.SubMerchantId;
import io.yunfu.kernel.Uin;
import io.yunfu.server.TestServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

class SampleMerchantsIT {
  private static final int CELLS = Integer.getInteger("yunfu.test.cells", 1);

  private final Clock clock = Clock.systemUTC();
  private final TestServer server =
      TestServer.on(TestDatabase.settings(CELLS), Map.of("cells.count", Integer.toString(CELLS)));
  private final ObjectNode demo = new ObjectMapper().createObjectNode();

  @TempDir private Path directory;
  private SampleChannels channels;

  @BeforeEach
  void start() {
    channels = SampleChannels.start(directory, 0, clock);
    new SampleData(server.running(), clock).into(demo);
    merchants().into(demo);
  }

  @AfterEach
  void stop() {
    channels.close();
    server.close();
  }

  @Test
  void the_merchant_has_the_ids_of_the_published_example_and_an_account_at_both_channels() {
    JsonNode told = demo.at("/merchants/0");
    Merchant merchant = found(told);
    assertThat(merchant.provider().value()).isEqualTo(told.get("outMchId").asString());
    assertThat(merchant.prefixes()).containsExactly("sz01743939");
    assertThat(merchant.keys().getFirst().secret().reveal())
        .isEqualTo(told.get("authKey").asString());
    assertThat(merchant.providerKey().reveal()).isEqualTo(told.get("providerKey").asString());
    assertThat(merchant.accounts()).containsOnlyKeys(PayPlatform.WECHAT, PayPlatform.ALIPAY);
  }

  @Test
  void it_lives_beside_the_account_that_is_topped_up_through_it() {
    var uin = new Uin(demo.at("/accounts/0/uin").asLong());
    var account = new Accounts(server.running().cells()).find(uin).orElseThrow();
    assertThat(found(demo.at("/merchants/0")).cell()).isEqualTo(account.cell());
  }

  @Test
  void a_second_start_keeps_its_keys_and_tells_it_at_the_new_address() {
    JsonNode before = demo.get("merchants").deepCopy();
    var address = URI.create("http://127.0.0.1:1/notices");
    SampleMerchants again = merchants();
    again.into(demo);
    again.callAt(address);
    assertThat(demo.get("merchants")).isEqualTo(before);
    assertThat(found(before.get(0)).notices().callback()).isEqualTo(Optional.of(address));
  }

  /// Killed between making the merchant and writing down its keys.
  @Test
  void a_merchant_whose_keys_were_lost_gets_new_ones() {
    String lost = demo.at("/merchants/0/authKey").asString();
    demo.remove("merchants");
    merchants().into(demo);
    JsonNode told = demo.at("/merchants/0");
    assertThat(told.get("authKey").asString()).isNotEqualTo(lost);
    assertThat(found(told).keys().stream().map(key -> key.secret().reveal()))
        .containsExactly(told.get("authKey").asString());
  }

  private SampleMerchants merchants() {
    return new SampleMerchants(server.running(), channels, clock);
  }

  private Merchant found(JsonNode told) {
    var id = new SubMerchantId(told.get("outSubMchId").asString());
    var running = server.running();
    return new Merchants(running.cells(), running.masterKey(), System::nanoTime)
        .find(id)
        .orElseThrow();
  }
}
