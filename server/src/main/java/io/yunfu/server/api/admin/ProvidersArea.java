package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;

import io.yunfu.billing.delivery.ProviderUrl;
import io.yunfu.billing.product.Product;
import io.yunfu.billing.product.ProductRefused;
import io.yunfu.billing.product.Provider;
import io.yunfu.billing.product.Providers;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Whoever makes the resources of some products, behind a URL. Never deleted, only paused.
final class ProvidersArea implements Area {
  static final Scalar<String> NAME =
      Types.matching(
          Provider.NAME,
          "a letter and up to 62 letters, digits or dashes, in lower case",
          "小写字母开头、最多 63 位的字母、数字或短横线");

  private static final ErrorCode NO_SUCH_PROVIDER =
      ErrorCode.of(404, "NoSuchProvider", "There is no provider {0}.", "供应商 {0} 不存在。");
  private static final ErrorCode PROVIDER_EXISTS =
      ErrorCode.of(409, "ProviderExists", "The provider {0} exists already.", "供应商 {0} 已存在。");

  /// Source: the provider protocol signs with the UTF-8 bytes of the secret; anything shorter is
  /// guessed.
  private static final Scalar<String> SECRET =
      Types.matching(
          Pattern.compile("[\\x21-\\x7e]{16,128}"),
          "16 to 128 printable characters of ASCII without spaces",
          "16 到 128 个可打印的 ASCII 字符(不含空格)");

  private static final Scalar<String> URL = Types.text(1, 2000);
  private static final Scalar<Integer> TIMEOUT =
      Types.int32(
          (int) Provider.SHORTEST_TIMEOUT.toMillis(), (int) Provider.LONGEST_TIMEOUT.toMillis());
  private static final Scalar<Integer> ATTEMPTS = Types.int32(1, Provider.MOST_ATTEMPTS);

  private static final int USUAL_TIMEOUT_MS = 5000;
  private static final int USUAL_ATTEMPTS = 10;

  private static final String ABOUT_URL =
      "Where it is called: https:// or http://, without user and password.";
  private static final String ABOUT_TIMEOUT = "For a whole call, in milliseconds.";
  private static final String ABOUT_ATTEMPTS =
      "After so many calls in a row without a definite answer a delivery counts as failed.";

  private static final Form<Provider> PROVIDER =
      Form.<Provider>of("Provider", "Whoever makes the resources of some products.")
          .with("name", NAME, "Its name.", Provider::name)
          .with("url", URL, ABOUT_URL, provider -> provider.url().toString())
          .with("timeoutMs", TIMEOUT, ABOUT_TIMEOUT, each -> (int) each.timeout().toMillis())
          .with("maxAttempts", ATTEMPTS, ABOUT_ATTEMPTS, Provider::maxAttempts)
          .with("active", Types.FLAG, "False while it is paused: its deals wait.", Provider::active)
          .with("createdAt", Types.INSTANT, "Since when it is there.", Provider::createdAt);

  private static final Form<Providers.Made> MADE =
      PROVIDER
          .<Providers.Made>in(
              "NewProvider",
              "A provider with its secret, which cannot be had again.",
              Providers.Made::provider)
          .with("secret", SECRET, "What our calls to it are signed with.", Providers.Made::secret);

  private static final Field.Must<String> ID = must("provider", NAME, "The name of the provider.");
  private static final Field.Must<String> NEW_NAME = must("name", NAME, "Its name.");
  private static final Field.Must<String> NEW_URL = must("url", URL, ABOUT_URL);
  private static final Field.Must<Integer> NEW_TIMEOUT =
      must("timeoutMs", TIMEOUT, ABOUT_TIMEOUT).or(USUAL_TIMEOUT_MS);
  private static final Field.Must<Integer> NEW_ATTEMPTS =
      must("maxAttempts", ATTEMPTS, ABOUT_ATTEMPTS).or(USUAL_ATTEMPTS);
  private static final Field.May<String> NEW_SECRET =
      may("secret", SECRET, "Given when the provider has one already; made here otherwise.")
          .secret();
  private static final Field.May<String> OTHER_URL = may("url", URL, ABOUT_URL);
  private static final Field.May<Integer> OTHER_TIMEOUT = may("timeoutMs", TIMEOUT, ABOUT_TIMEOUT);
  private static final Field.May<Integer> OTHER_ATTEMPTS =
      may("maxAttempts", ATTEMPTS, ABOUT_ATTEMPTS);
  private static final Field.May<Boolean> ACTIVE =
      may("active", Types.FLAG, "False pauses it: its deals wait.");

  private final Providers providers;

  ProvidersArea(Providers providers) {
    this.providers = providers;
  }

  @Override
  public String name() {
    return "providers";
  }

  @Override
  public String about() {
    return "Who makes the resources, over HTTP.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.post("providers.create", "/providers", "Makes a provider known.")
            .about(
                "Its secret is in this answer alone: it is stored encrypted and never shown again.")
            .body(NEW_NAME, NEW_URL, NEW_TIMEOUT, NEW_ATTEMPTS, NEW_SECRET)
            .example(
                """
                {"name": "machine-maker", "url": "https://machines.example.com/yunfu"}\
                """)
            .refuses(PROVIDER_EXISTS)
            .creates(MADE)
            .by(this::create),
        Operation.get("providers.list", "/providers", "Lists providers by name.")
            .pages(
                PROVIDER,
                Cursor.texts(),
                Provider::name,
                "name",
                "url",
                "timeoutMs",
                "maxAttempts",
                "active")
            .by((call, part) -> providers.list(part.after(), part.limit())),
        Operation.get("providers.get", "/providers/{provider}", "Shows a provider.")
            .path(ID)
            .refuses(NO_SUCH_PROVIDER)
            .answers(PROVIDER)
            .by(call ->
                Answers.found(providers.find(call.get(ID)), NO_SUCH_PROVIDER, call.get(ID))),
        Operation.patch(
                "providers.change",
                "/providers/{provider}",
                "Changes a provider, or pauses it or lets it go on.")
            .path(ID)
            .body(OTHER_URL, OTHER_TIMEOUT, OTHER_ATTEMPTS, ACTIVE)
            .example("{\"active\": false}")
            .refuses(NO_SUCH_PROVIDER)
            .answers(PROVIDER)
            .by(this::change),
        Operation.post(
                "providers.rotate-secret",
                "/providers/{provider}/rotate-secret",
                "Gives a provider a new secret; from now on our calls are signed with that one.")
            .about("The secret is in this answer alone.")
            .path(ID)
            .refuses(NO_SUCH_PROVIDER)
            .answers(MADE)
            .by(call ->
                Answers.done(
                    providers.rotate(call.operator(), call.get(ID)), ProvidersArea::spelt)));
  }

  private Providers.Made create(Call call) {
    var command =
        new Providers.Create(
            call.get(NEW_NAME),
            url(call, NEW_URL, call.get(NEW_URL)),
            Duration.ofMillis(call.get(NEW_TIMEOUT)),
            call.get(NEW_ATTEMPTS),
            call.get(NEW_SECRET));
    return Answers.done(providers.create(call.operator(), command), ProvidersArea::spelt);
  }

  private Provider change(Call call) {
    var command =
        new Providers.Change(
            call.get(ID),
            call.get(OTHER_URL).map(text -> url(call, OTHER_URL, text)),
            call.get(OTHER_TIMEOUT).map(Duration::ofMillis),
            call.get(OTHER_ATTEMPTS),
            call.get(ACTIVE));
    return Answers.done(providers.change(call.operator(), command), ProvidersArea::spelt);
  }

  private static URI url(Call call, Field<?> field, String text) {
    Optional<String> objection = ProviderUrl.objection(text);
    if (objection.isPresent()) {
      throw call.wrong(field, "cannot be used: " + objection.get(), "不可用:必须为 http(s) 地址,不含用户信息与片段");
    }
    return URI.create(text);
  }

  private static Refused spelt(ProductRefused why) {
    return switch (why) {
      case ProductRefused.NoSuchProvider(String name) -> NO_SUCH_PROVIDER.with(name);
      case ProductRefused.ProviderExists(String name) ->
          PROVIDER_EXISTS.with(name).at(NEW_NAME.name());
      case ProductRefused.NoSuchProduct(Product.Key key) -> noProduct(key);
      case ProductRefused.ProductExists(Product.Key key) -> noProduct(key);
    };
  }

  private static Refused noProduct(Product.Key key) {
    throw new IllegalStateException("a provider is no product: " + key);
  }
}
