package io.yunfu.simulator.admin;

import static io.yunfu.simulator.admin.Html.escaped;

import io.yunfu.simulator.channel.Bridged;
import io.yunfu.simulator.channel.Channel;
import io.yunfu.simulator.channel.Paid;
import io.yunfu.simulator.channel.Surroundings;
import io.yunfu.simulator.http.Inbound;
import io.yunfu.simulator.http.Reply;
import io.yunfu.simulator.json.BadInput;
import io.yunfu.simulator.json.Fields;
import io.yunfu.simulator.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What browsers see: the cashier, the stand-in for the bridges of the two apps, an overview; and
/// the canary, which nobody should see.
final class Pages {
  private final Admin admin;
  private final Surroundings world;
  private final Bridges bridges;
  private final Counter counter;
  private final CashierPage cashier;
  private final ConcurrentHashMap<String, AtomicLong> canaries = new ConcurrentHashMap<>();

  Pages(Admin admin) {
    this.admin = admin;
    this.world = admin.world();
    this.bridges = new Bridges(world.seed());
    this.counter = new Counter(world, admin.channels(), bridges);
    this.cashier = new CashierPage(world, counter);
  }

  List<Route> routes() {
    return List.of(
        new Route("GET", "/", (in, at) -> redirect("/_sim/")),
        new Route("GET", "/_sim", (in, at) -> redirect("/_sim/")),
        new Route("GET", "/_sim/", (in, at) -> overview()),
        new Route("GET", "/_sim/cashier", (in, at) -> cashier.show(in)),
        new Route("POST", "/_sim/cashier", (in, at) -> cashier.pay(in)),
        new Route("GET", "/h5/{token}", (in, at) -> fromBrowser(at.getFirst())),
        new Route("POST", "/_sim/pay", (in, at) -> pay(in)),
        new Route("GET", "/_sim/jsbridge.js", (in, at) -> script()),
        new Route("POST", "/_sim/bridge", (in, at) -> open(in)),
        new Route("GET", "/_sim/bridge/{id}", (in, at) -> bridged(at.getFirst())),
        new Route("GET", "/_sim/canary", (in, at) -> canaries()),
        new Route("GET", "/_sim/canary/{id}/{what}", (in, at) -> sing(at)));
  }

  void reset() {
    bridges.clear();
    canaries.clear();
  }

  private Reply overview() {
    var channels = new StringBuilder();
    for (Channel channel : admin.channels()) {
      channels.append(
          "<div class=\"card %s\"><strong>%s</strong> <a href=\"/_sim/merchants\">"
              .formatted(channel.name(), channel.name()));
      channels.append("merchants</a><p class=\"quiet\">");
      channel.listeners().stream()
          .sorted()
          .forEach(port ->
              channels
                  .append(escaped(port.label()))
                  .append(" <code>")
                  .append(
                      escaped(
                          admin
                              .description()
                              .get()
                              .path("listeners")
                              .path(port.label())
                              .asString("")))
                  .append("</code><br>"));
      channels.append("</p></div>");
    }
    return Html.page(
        200,
        "Yunfu simulator",
        """
        <h1>Yunfu simulator</h1>
        <p>It stands in for WeChat Pay and Alipay; no money moves.</p>
        %s
        <p><a href="/_sim/cashier">收银台 cashier</a> · <a href="/_sim/orders">orders</a> ·
        <a href="/_sim/users">users</a> · <a href="/_sim/notify">notices</a> ·
        <a href="/_sim/faults">faults</a> · <a href="/_sim/requests">requests</a> ·
        <a href="/_sim/ledger">ledger</a> · <a href="/_sim/clock">clock</a> ·
        <a href="/_sim/settings">settings</a> · <a href="/_sim/metrics">metrics</a></p>
        """
            .formatted(channels));
  }

  /// `{"channel", "ref", "user", "action", …}`.
  private Reply pay(Inbound inbound) {
    Fields fields = Fields.of(inbound.body());
    Optional<String> channel = fields.text("channel");
    String reference = fields.needText("ref");
    Optional<String> user = fields.text("user");
    var action = Actions.read(fields);
    boolean late = fields.flag("late", false);
    boolean closing = fields.flag("close_app", false);
    fields.done();
    String payer =
        user.or(() -> counter.find(channel, reference).flatMap(each -> each.payer()))
            .orElseThrow(() -> new BadInput("user is missing, and the order is for nobody"));
    Paid paid = counter.pay(channel, reference, payer, action, late, closing);
    return Reply.json(200, paid);
  }

  private Reply fromBrowser(String token) {
    return redirect("/_sim/cashier?channel=wechat&ref=" + encoded(token));
  }

  private static Reply script() {
    try (InputStream in = Pages.class.getResourceAsStream("jsbridge.js")) {
      if (in == null) {
        throw new IllegalStateException("jsbridge.js is not packed");
      }
      return shared(Reply.of(200, "text/javascript; charset=utf-8", in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// `{"channel", "parameters"}`: what the page hands to the app.
  private Reply open(Inbound inbound) {
    Fields fields = Fields.of(inbound.body());
    String name = fields.needText("channel");
    JsonNode parameters =
        fields.any("parameters").orElseThrow(() -> fields.wrong("parameters", "given"));
    fields.done();
    Channel channel = counter.named(name);
    Bridged bridged = world.timeline().step(() -> channel.bridge(parameters));
    return shared(
        switch (bridged) {
          case Bridged.Opened(String reference) -> {
            Bridges.Waiting page = bridges.open(name, reference);
            yield Reply.json(
                200,
                Json.object()
                    .put("id", page.id())
                    .put(
                        "cashier",
                        "%s/_sim/cashier?channel=%s&ref=%s"
                            .formatted(world.places().admin(), name, encoded(reference))));
          }
          case Bridged.Refused(String why, JsonNode result) -> {
            ObjectNode refused = Json.object().put("why", why);
            refused.set("result", result);
            yield Reply.json(200, refused);
          }
        });
  }

  private Reply bridged(String id) {
    return shared(
        bridges
            .find(id)
            .map(page -> {
              ObjectNode node = Json.object().put("state", Fields.spelling(page.state()));
              if (page.result() != null) {
                node.set("result", page.result());
              }
              return Reply.json(200, node);
            })
            .orElseGet(() -> AdminApi.problem(404, "no page waits as " + id)));
  }

  private Reply canaries() {
    List<JsonNode> all = new ArrayList<>();
    canaries.forEach(
        (what, count) -> all.add(Json.object().put("what", what).put("hits", count.get())));
    return Reply.json(200, Json.object().set("hits", Json.array(all)));
  }

  /// Somebody has followed a reference out of a notice.
  private Reply sing(List<String> at) {
    canaries.computeIfAbsent(at.get(0) + "/" + at.get(1), _ -> new AtomicLong()).incrementAndGet();
    return Reply.of(200, "text/plain", "");
  }

  private static Reply redirect(String to) {
    return Reply.of(302, "text/plain", "").with("Location", to);
  }

  /// Pages of any origin may load this.
  private static Reply shared(Reply reply) {
    return reply.with("Access-Control-Allow-Origin", "*").with("Cache-Control", "no-store");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
