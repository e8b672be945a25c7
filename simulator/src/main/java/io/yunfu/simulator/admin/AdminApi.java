package io.yunfu.simulator.admin;

import io.yunfu.simulator.channel.Channel;
import io.yunfu.simulator.channel.Latency;
import io.yunfu.simulator.channel.LedgerProof;
import io.yunfu.simulator.channel.Surroundings;
import io.yunfu.simulator.clock.Timeline;
import io.yunfu.simulator.http.Door;
import io.yunfu.simulator.http.Inbound;
import io.yunfu.simulator.http.Reply;
import io.yunfu.simulator.http.Transmission;
import io.yunfu.simulator.json.BadInput;
import io.yunfu.simulator.json.Fields;
import io.yunfu.simulator.json.Json;
import io.yunfu.simulator.notice.Attempt;
import io.yunfu.simulator.notice.Notice;
import io.yunfu.simulator.notice.NoticeSettings;
import io.yunfu.simulator.people.User;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The admin listener: all routes are listed in [#routes].
public final class AdminApi implements Door {
  private static final Duration LONGEST_DRAIN = Duration.ofMinutes(10);

  private final Admin admin;
  private final Surroundings world;
  private final Pages pages;
  private final List<Route> routes;

  public AdminApi(Admin admin) {
    this.admin = admin;
    this.world = admin.world();
    this.pages = new Pages(admin);
    this.routes = routes();
  }

  private List<Route> routes() {
    List<Route> all = new ArrayList<>(pages.routes());
    all.addAll(
        List.of(
            new Route("GET", "/_sim/health", (in, at) -> health()),
            new Route("GET", "/_sim/metrics", (in, at) -> Metrics.reply(world)),
            new Route("GET", "/_sim/settings", (in, at) -> settings()),
            new Route("POST", "/_sim/settings", (in, at) -> adjust(in)),
            new Route("POST", "/_sim/reset", (in, at) -> reset()),
            new Route("GET", "/_sim/clock", (in, at) -> clock()),
            new Route("POST", "/_sim/clock", (in, at) -> setClock(in)),
            new Route("POST", "/_sim/clock/advance", (in, at) -> advance(in)),
            new Route("GET", "/_sim/faults", (in, at) -> faults()),
            new Route("POST", "/_sim/faults", (in, at) -> addFault(in)),
            new Route("DELETE", "/_sim/faults", (in, at) -> clearFaults()),
            new Route("DELETE", "/_sim/faults/{id}", (in, at) -> removeFault(at.getFirst())),
            new Route("GET", "/_sim/notify", (in, at) -> notices(in)),
            new Route("POST", "/_sim/notify/next", (in, at) -> deliverNext()),
            new Route("POST", "/_sim/notify/drain", (in, at) -> drain(in)),
            new Route("GET", "/_sim/notify/{id}", (in, at) -> notice(at.getFirst())),
            new Route("POST", "/_sim/notify/{id}/resend", (in, at) -> resend(at.getFirst())),
            new Route("GET", "/_sim/ledger", (in, at) -> ledger()),
            new Route("GET", "/_sim/ledger/postings", (in, at) -> postings()),
            new Route("GET", "/_sim/orders", (in, at) -> orders(in)),
            new Route("GET", "/_sim/orders/{number}", (in, at) -> order(at.getFirst())),
            new Route("GET", "/_sim/requests", (in, at) -> requests(in)),
            new Route("GET", "/_sim/merchants", (in, at) -> merchants()),
            new Route("POST", "/_sim/merchants/{channel}", (in, at) -> register(in, at)),
            new Route("GET", "/_sim/users", (in, at) -> users()),
            new Route("POST", "/_sim/users", (in, at) -> addUser(in)),
            new Route("POST", "/_sim/code", (in, at) -> code(in)),
            new Route("GET", "/_sim/bill/{channel}/{date}", (in, at) -> bill(at)),
            new Route("GET", "/_sim/credentials", (in, at) -> credentials()),
            new Route("GET", "/_sim/credentials/{file}", (in, at) -> credential(at.getFirst()))));
    return List.copyOf(all);
  }

  @Override
  public Transmission open(Inbound inbound) throws InterruptedException {
    return Transmission.of(answer(inbound));
  }

  private Reply answer(Inbound inbound) throws InterruptedException {
    if (isFromElsewhere(inbound)) {
      return problem(403, "this is not for pages of other sites");
    }
    boolean known = false;
    try {
      for (Route route : routes) {
        Optional<List<String>> parts = route.match(inbound.path());
        if (parts.isPresent()) {
          known = true;
          if (route.method().equals(inbound.method())) {
            return route.action().run(inbound, parts.get());
          }
        }
      }
    } catch (BadInput e) {
      return problem(400, String.valueOf(e.getMessage()));
    }
    return known
        ? problem(405, inbound.method() + " is not for " + inbound.path())
        : problem(404, "there is nothing at " + inbound.path());
  }

  /// Browsers tell when a page of another site makes them send something. Only the bridge is there
  /// for such pages.
  private static boolean isFromElsewhere(Inbound inbound) {
    return !inbound.method().equals("GET")
        && !inbound.path().equals("/_sim/bridge")
        && inbound.header("Sec-Fetch-Site").filter("cross-site"::equals).isPresent();
  }

  static Reply problem(int status, String text) {
    return Reply.json(status, Json.object().put("error", text));
  }

  private Reply health() {
    return Reply.json(200, Map.of("status", "up", "simulator", admin.description().get()));
  }

  private Reply settings() {
    ObjectNode settings = Json.object().put("latency", admin.latency().get().toString());
    settings.set("notify", noticeSettings());
    admin.channels().forEach(channel -> settings.set(channel.name(), channel.settings()));
    return Reply.json(200, settings);
  }

  private JsonNode noticeSettings() {
    NoticeSettings now = world.notices().settings();
    return Json.object()
        .put("mode", Fields.spelling(now.mode()))
        .put("factor", now.factor())
        .put("timeout_ms", now.timeout().toMillis())
        .put("strict_ack", now.strict());
  }

  private Reply adjust(Inbound inbound) {
    Fields fields = body(inbound);
    world
        .timeline()
        .step(() -> {
          Optional<Latency> latency = fields.text("latency").map(Latency::parse);
          Optional<NoticeSettings> notices =
              fields.object("notify").map(each -> noticeSettings(each, world.notices().settings()));
          for (Channel channel : admin.channels()) {
            fields.object(channel.name()).ifPresent(channel::adjust);
          }
          fields.done();
          latency.ifPresent(admin.latency()::set);
          notices.ifPresent(world.notices()::settings);
        });
    return settings();
  }

  /// Reads `{"mode", "factor", "timeout_ms", "strict_ack"}`.
  public static NoticeSettings noticeSettings(Fields fields, NoticeSettings old) {
    double factor = fields.decimal("factor").orElse(old.factor());
    Duration timeout = fields.milliseconds("timeout_ms").orElse(old.timeout());
    if (!(factor > 0) || timeout.isZero()) {
      throw fields.wrong(factor > 0 ? "timeout_ms" : "factor", "positive");
    }
    var settings =
        new NoticeSettings(
            fields.choice("mode", NoticeSettings.Mode.class).orElse(old.mode()),
            factor,
            timeout,
            fields.flag("strict_ack", old.strict()));
    fields.done();
    return settings;
  }

  private Reply reset() {
    admin.reset().run();
    pages.reset();
    return Reply.json(200, Map.of("status", "empty"));
  }

  private Reply clock() {
    Timeline.Reading reading = world.timeline().read();
    ObjectNode clock =
        Json.object()
            .put("mode", Fields.spelling(reading.mode()))
            .put("factor", reading.factor())
            .put("now", reading.now().toString());
    clock.set(
        "planned",
        Json.array(
            world.timeline().planned().stream()
                .limit(100)
                .map(timer -> Map.of("due", timer.due().toString(), "what", timer.what()))
                .toList()));
    return Reply.json(200, clock);
  }

  private Reply setClock(Inbound inbound) {
    Fields fields = body(inbound);
    Timeline.Reading old = world.timeline().read();
    Timeline.Mode mode = fields.choice("mode", Timeline.Mode.class).orElse(old.mode());
    double factor = fields.decimal("factor").orElse(mode == Timeline.Mode.SCALED ? 60 : 1);
    if (!(factor > 0)) {
      throw fields.wrong("factor", "positive");
    }
    Optional<Instant> now = fields.instant("now");
    fields.done();
    world.timeline().set(mode, factor, now.orElse(old.now()));
    return clock();
  }

  private Reply advance(Inbound inbound) {
    Fields fields = body(inbound);
    Duration by =
        fields
            .milliseconds("ms")
            .or(() -> Optional.of(Duration.ofSeconds(fields.number("seconds", 0))))
            .get();
    if (by.isNegative() || by.compareTo(Duration.ofDays(3660)) > 0) {
      throw fields.wrong("seconds", "from 0 to ten years");
    }
    fields.done();
    world.timeline().advance(by);
    return clock();
  }

  private Reply faults() {
    ObjectNode all = Json.object();
    all.set(
        "rules",
        Json.array(
            world.faults().rules().stream()
                .map(each -> {
                  ObjectNode rule = Json.object().put("id", each.rule().id());
                  each.rule().channel().ifPresent(text -> rule.put("channel", text));
                  each.rule().op().ifPresent(text -> rule.put("op", text));
                  ObjectNode match = rule.putObject("match");
                  each.rule().number().ifPresent(text -> match.put("number", text));
                  each.rule().merchant().ifPresent(text -> match.put("mch", text));
                  match.put("nth", each.rule().nth());
                  match.put("probability", each.rule().probability());
                  rule.put("times", each.rule().times());
                  rule.set("effect", each.rule().spelling());
                  return rule.put("seen", each.seen()).put("applied", each.applied());
                })
                .toList()));
    all.set("log", Json.array(world.faults().log()));
    return Reply.json(200, all);
  }

  private Reply addFault(Inbound inbound) {
    return Reply.json(201, Map.of("id", world.faults().add(body(inbound)).id()));
  }

  private Reply clearFaults() {
    world.faults().clear();
    return Reply.json(200, Map.of("status", "none left"));
  }

  private Reply removeFault(String id) {
    return world.faults().remove(id)
        ? Reply.json(200, Map.of("removed", id))
        : problem(404, "there is no rule " + id);
  }

  private Reply notices(Inbound inbound) {
    String number = inbound.parameters().get("number");
    return Reply.json(
        200,
        Map.of(
            "notices",
            world.notices().all().stream()
                .filter(each -> number == null || each.draft().number().equals(number))
                .map(AdminApi::notice)
                .toList()));
  }

  private Reply notice(String id) {
    return world
        .notices()
        .find(id)
        .map(each -> Reply.json(200, notice(each)))
        .orElseGet(() -> problem(404, "there is no notice " + id));
  }

  private static JsonNode notice(Notice notice) {
    ObjectNode node =
        Json.object()
            .put("id", notice.id())
            .put("channel", notice.draft().channel())
            .put("kind", notice.draft().kind())
            .put("number", notice.draft().number())
            .put("target", notice.draft().target().toString())
            .put("created", notice.created().toString())
            .put("state", Fields.spelling(notice.state()));
    notice.next().ifPresent(next -> node.put("next", next.toString()));
    node.put("body", new String(notice.draft().body(), StandardCharsets.UTF_8));
    node.set("attempts", Json.array(notice.attempts()));
    return node;
  }

  private Reply deliverNext() {
    Optional<Attempt> attempt = world.notices().deliverNext();
    return attempt
        .map(each -> Reply.json(200, each))
        .orElseGet(() -> problem(404, "no notice is waiting"));
  }

  private Reply resend(String id) {
    return world
        .notices()
        .find(id)
        .map(each -> Reply.json(200, world.notices().deliver(each)))
        .orElseGet(() -> problem(404, "there is no notice " + id));
  }

  /// `timeout` in seconds, `all` for retries that are due later as well.
  private Reply drain(Inbound inbound) {
    Map<String, String> parameters = inbound.parameters();
    Duration timeout;
    try {
      timeout =
          Duration.ofMillis(
              (long) (Double.parseDouble(parameters.getOrDefault("timeout", "10")) * 1000));
    } catch (NumberFormatException e) {
      throw new BadInput("timeout must be a number of seconds");
    }
    if (timeout.compareTo(LONGEST_DRAIN) > 0) {
      throw new BadInput("timeout must not be more than " + LONGEST_DRAIN.toSeconds() + " seconds");
    }
    boolean drained = world.notices().drain(timeout, "true".equals(parameters.get("all")));
    return Reply.json(drained ? 200 : 504, Map.of("drained", drained));
  }

  private Reply ledger() {
    LedgerProof proof =
        world.timeline().step(() -> LedgerProof.of(world.ledger(), admin.channels()));
    return Reply.json(proof.holds() ? 200 : 500, proof);
  }

  private Reply postings() {
    return Reply.json(200, Map.of("postings", world.ledger().latest()));
  }

  private Reply orders(Inbound inbound) {
    int limit;
    try {
      limit = Integer.parseInt(inbound.parameters().getOrDefault("limit", "100"));
    } catch (NumberFormatException e) {
      throw new BadInput("limit must be a number");
    }
    List<JsonNode> all =
        world
            .timeline()
            .step(() ->
                admin.channels().stream()
                    .flatMap(channel -> channel.orders(limit).stream())
                    .toList());
    return Reply.json(200, Map.of("orders", all));
  }

  private Reply order(String number) {
    for (Channel channel : admin.channels()) {
      Optional<JsonNode> history = world.timeline().step(() -> channel.history(number));
      if (history.isPresent()) {
        return Reply.json(200, history.get());
      }
    }
    return problem(404, "no channel knows an order " + number);
  }

  private Reply requests(Inbound inbound) {
    Optional<String> number = Optional.ofNullable(inbound.parameters().get("number"));
    return Reply.json(200, Map.of("requests", world.requests().history(number)));
  }

  private Reply merchants() {
    ObjectNode all = Json.object();
    admin.channels().forEach(channel -> all.set(channel.name(), Json.array(channel.merchants())));
    return Reply.json(200, all);
  }

  private Reply register(Inbound inbound, List<String> at) {
    Optional<Channel> channel = channel(at.getFirst());
    if (channel.isEmpty()) {
      return problem(404, "there is no channel " + at.getFirst());
    }
    Fields merchant = body(inbound);
    world.timeline().step(() -> channel.get().register(merchant));
    return Reply.json(201, Map.of("merchants", channel.get().merchants()));
  }

  private Reply users() {
    return Reply.json(200, Map.of("users", world.people().all().stream().map(this::user).toList()));
  }

  private Reply addUser(Inbound inbound) {
    Fields fields = body(inbound);
    User user = world.timeline().step(() -> world.people().register(fields));
    return Reply.json(201, user(user));
  }

  private JsonNode user(User user) {
    ObjectNode node = (ObjectNode) Json.tree(user);
    node.set("openids", Json.tree(world.people().openids(user)));
    return node.put("balance", world.people().balance(user).cents());
  }

  private Reply code(Inbound inbound) {
    Fields fields = body(inbound);
    User user = userNamed(fields.needText("user"));
    String name = fields.text("channel", "wechat");
    fields.done();
    Channel.CodeRange range =
        channel(name).orElseThrow(() -> new BadInput("there is no channel " + name)).codes();
    var code =
        world.timeline().step(() -> world.people().issueCode(user, range.first(), range.last()));
    return Reply.json(200, Map.of("auth_code", code.code(), "expires", code.expires().toString()));
  }

  private Reply bill(List<String> at) {
    try {
      LocalDate day = LocalDate.parse(at.get(1));
      return channel(at.get(0))
          .map(channel -> world.timeline().step(() -> channel.bill(day)))
          .orElseGet(() -> problem(404, "there is no channel " + at.get(0)));
    } catch (DateTimeException e) {
      throw new BadInput("a day is written 2026-01-31, not " + at.get(1));
    }
  }

  private Reply credentials() {
    return Reply.json(200, Map.of("files", world.credentials().names()));
  }

  private Reply credential(String file) {
    return world
        .credentials()
        .file(file)
        .map(content -> Reply.of(200, contentType(file), content))
        .orElseGet(() -> problem(404, "there is no file " + file));
  }

  private static String contentType(String file) {
    return file.endsWith(".p12") ? "application/x-pkcs12" : "application/x-pem-file";
  }

  private User userNamed(String name) {
    return world.people().named(name).orElseThrow(() -> new BadInput("there is no user " + name));
  }

  private Optional<Channel> channel(String name) {
    return admin.channels().stream().filter(each -> each.name().equals(name)).findFirst();
  }

  private static Fields body(Inbound inbound) {
    return Fields.of(
        inbound.body().length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : inbound.body());
  }
}
