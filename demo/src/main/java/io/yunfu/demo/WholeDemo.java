package io.yunfu.demo;

import io.yunfu.demo.shop.ShopServer;
import io.yunfu.demo.shop.ShopSettings;
import io.yunfu.server.Wiring;
import io.yunfu.server.config.Configuration;
import io.yunfu.server.console.ConsolePages;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The parts of a demo, which start and stop together.
final class WholeDemo implements AutoCloseable {
  private final Path directory;
  private final Ports ports;
  private final Clock clock;
  private volatile boolean stopping;
  private volatile @Nullable SampleChannels channels;
  private volatile @Nullable Wiring wiring;
  private volatile @Nullable ShopServer shop;

  /// For a person at a terminal, who is told by the demo itself what there is to know.
  static final Map<String, String> LOG = Map.of("log.format", "text", "log.level", "warn");

  /// Where the parts listen; 0: free ones.
  ///
  /// @param simulator see [SampleChannels#start]
  record Ports(int server, int simulator, int shop) {}

  WholeDemo(Path directory, Ports ports, Clock clock) {
    this.directory = directory;
    this.ports = ports;
    this.clock = clock;
  }

  /// Starts everything and puts the sample data in, or finds it there. What has started when this
  /// fails is stopped by [#close].
  ///
  /// @param reading makes settings of these and of the person's own
  /// @return what `demo.json` says now
  ObjectNode start(Function<Map<String, String>, Configuration> reading) {
    var simulated = SampleChannels.start(directory.resolve("simulator"), ports.simulator, clock);
    channels = simulated;
    var server = Wiring.of(reading.apply(settings(simulated)));
    wiring = server;
    if (stopping) {
      server.close(); // so that its start gives up at once
    }
    server.start();
    var file = new DemoFile(directory);
    ObjectNode demo = file.read();
    address(demo, server.running(), simulated);
    new SampleData(server.running(), clock).into(demo);
    var merchants = new SampleMerchants(server.running(), simulated, clock);
    merchants.into(demo);
    var open = ShopServer.start(settings(demo), clock);
    shop = open;
    merchants.callAt(open.notices());
    demo.put("shop", open.page().toString());
    file.write(demo);
    return demo;
  }

  private Map<String, String> settings(SampleChannels simulated) {
    // Known before the server listens, since channels are told where to send their notices.
    int port = ports.server == 0 ? FreePort.find() : ports.server;
    var settings = new HashMap<>(LOG);
    settings.put("data.directory", directory.toString());
    settings.put("http.port", Integer.toString(port));
    settings.put("http.host", "127.0.0.1");
    settings.put("delivery.allow-private-targets", "true");
    settings.put("gateway.enabled", "true");
    settings.put("gateway.public-url", "http://127.0.0.1:" + port);
    // As the published example is printed, for whoever tries it from its page.
    settings.put("gateway.lenient-envelope", "true");
    settings.put("gateway.notices.allow-private-targets", "true");
    settings.put("gateway.allow-other-hosts", "true");
    settings.put("gateway.wechat.url", simulated.wechat().toString());
    settings.put("gateway.alipay.url", simulated.alipay().resolve("/gateway.do").toString());
    settings.put("gateway.root-certificates", simulated.authority().toString());
    return settings;
  }

  private void address(ObjectNode demo, Wiring.Running running, SampleChannels simulated) {
    String base = "http://127.0.0.1:" + running.http().port().orElseThrow();
    demo.put("api", base);
    demo.put("cpay", base + "/cpay");
    demo.put("console", base + ConsolePages.PATH);
    demo.put("simulator", simulated.pages().toString());
    demo.withObject("/admin").put("url", base + "/admin/v1");
    if (demo.at("/admin/token").isMissingNode()) {
      demo.withObject("/admin").put("token", token(running));
    }
  }

  /// The shop is told what `demo.json` tells, and nothing else.
  private ShopSettings settings(ObjectNode demo) {
    JsonNode merchant = demo.at("/merchants/0");
    JsonNode account = demo.at("/accounts/0");
    JsonNode admin = demo.get("admin");
    return new ShopSettings(
        ports.shop,
        new ShopSettings.Addresses(
            URI.create(text(demo, "cpay")),
            URI.create(text(demo, "api")),
            URI.create(text(admin, "url")),
            URI.create(text(demo, "simulator"))),
        new ShopSettings.Merchant(
            text(merchant, "outMchId"),
            text(merchant, "outSubMchId"),
            text(merchant, "outShopId"),
            text(merchant, "orderPrefix"),
            text(merchant, "authKey"),
            text(merchant, "providerKey")),
        new ShopSettings.Payer(text(merchant, "wechatSubOpenId"), text(merchant, "alipayUserId")),
        new ShopSettings.Customer(
            text(account, "uin"),
            text(account, "secretId"),
            text(account, "secretKey"),
            account.at("/orders/tooExpensive/0").asString(),
            text(admin, "token")));
  }

  private static String text(JsonNode node, String member) {
    return node.get(member).asString();
  }

  private String token(Wiring.Running running) {
    return running
        .firstToken()
        .orElseGet(
            () -> running.tokens().create(SampleData.OPERATOR, "demo-" + clock.millis()).orThrow());
  }

  /// The server before the channels: it finishes what it has admitted, which may still need them.
  @Override
  public void close() {
    stopping = true;
    if (shop != null) {
      shop.close();
    }
    if (wiring != null) {
      wiring.close();
    }
    if (channels != null) {
      channels.close();
    }
  }
}
