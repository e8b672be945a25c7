package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;
import static io.yunfu.server.api.admin.MerchantTypes.ID_TAKEN;
import static io.yunfu.server.api.admin.MerchantTypes.IMPORTED_KEY;
import static io.yunfu.server.api.admin.MerchantTypes.KEY;
import static io.yunfu.server.api.admin.MerchantTypes.KEY_IS_OF_CHANNEL;
import static io.yunfu.server.api.admin.MerchantTypes.MERCHANT;
import static io.yunfu.server.api.admin.MerchantTypes.MERCHANT_ID;
import static io.yunfu.server.api.admin.MerchantTypes.NAME_PART;
import static io.yunfu.server.api.admin.MerchantTypes.NEW_NAME;
import static io.yunfu.server.api.admin.MerchantTypes.NO_RSA_KEY;
import static io.yunfu.server.api.admin.MerchantTypes.NO_SUCH_MERCHANT;
import static io.yunfu.server.api.admin.MerchantTypes.NO_SUCH_SUB_MERCHANT;
import static io.yunfu.server.api.admin.MerchantTypes.OTHER_NAME;
import static io.yunfu.server.api.admin.MerchantTypes.SUB_MERCHANT;
import static io.yunfu.server.api.admin.MerchantTypes.SUB_MERCHANT_ID;

import io.yunfu.gateway.merchant.ManageMerchants;
import io.yunfu.gateway.merchant.Merchant.LatePayment;
import io.yunfu.gateway.merchant.PlacedSubMerchant;
import io.yunfu.gateway.merchant.PlacedSubMerchant.Settings;
import io.yunfu.gateway.merchant.ProviderId;
import io.yunfu.gateway.merchant.SubMerchantId;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Secret;
import io.yunfu.wire.cpay.RsaKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import tools.jackson.databind.node.JsonNodeFactory;

/// Sub-merchants: who is paid. Source: `cloudpay.md` section 6.
final class SubMerchantsArea implements Area {
  private static final int MOST_PREFIXES = 20;
  private static final int LONGEST_KEY_TEXT = 4000;

  /// Source: `cloudpay.md` section 2.1.1: `body` of WeChat Pay.
  private static final int LONGEST_BODY = 128;

  /// As the table `sub_merchant` has it; unit: seconds.
  private static final int SHORTEST_EXPIRY = 60;

  private static final int LONGEST_EXPIRY = 7 * 24 * 3600;
  private static final int MILLION = 1_000_000;
  private static final Duration LONGEST_OVERLAP = Duration.ofDays(30);

  private static final String ABOUT_PREFIXES = "What its numbers of orders and refunds begin with.";
  private static final String ABOUT_PREFIXES_CHECKED =
      "False takes any number: for one that moved here with numbers of its own.";
  private static final String ABOUT_BODY =
      "What is sold, as the payer sees it, where an order does not say. Empty: an order has to say"
          + " it.";
  private static final String ABOUT_EXPIRY =
      "How long an order can be paid that does not say. In seconds.";
  private static final String ABOUT_RSA =
      "The public key that verifies refunds which it signs with RSA: X.509 in Base64 or PEM."
          + " Empty: none.";
  private static final String ABOUT_RSA_REQUIRED = "Whether a refund has to be signed with RSA.";
  private static final String ABOUT_REFUND_RIGHT =
      "Whether every refund has to name somebody with the right to it, as with `api_version` 2.";
  private static final String ABOUT_TERMINALS =
      "Whether payments and refunds may only name devices and staff that the shop has.";
  private static final String ABOUT_FEE =
      "What the channel keeps of each payment, in parts per million: 6000 are 0.6 %.";
  private static final String ABOUT_LATE =
      "What becomes of a payment after its order was closed: back to the payer, or it counts.";

  /// Source: `cloudpay.md` section 6.4.
  private static final ListOf<String> PREFIXES =
      ListOf.of(
          Types.matching(
              Pattern.compile("[0-9A-Za-z_]{4,20}"),
              "4 to 20 letters, digits or _",
              "4 到 20 个字母、数字或 _"),
          0,
          MOST_PREFIXES);

  private static final Scalar<String> BODY = Types.text(LONGEST_BODY);
  private static final Scalar<Duration> EXPIRY =
      Types.int32(SHORTEST_EXPIRY, LONGEST_EXPIRY)
          .as(Duration::ofSeconds, expiry -> (int) expiry.toSeconds());
  private static final Scalar<Duration> OVERLAP =
      Types.int32(0, (int) LONGEST_OVERLAP.toSeconds())
          .as(Duration::ofSeconds, overlap -> (int) overlap.toSeconds());
  private static final Scalar<Integer> FEE = Types.int32(0, MILLION);
  private static final Scalar<LatePayment> LATE = MerchantTypes.choice(LatePayment.values());

  private static final Scalar<String> RSA_KEY =
      new Scalar<>(
          Scalar.Kind.STRING,
          schema -> schema.put("maxLength", LONGEST_KEY_TEXT),
          new Text(
              "must be an RSA public key of 2048 bits, X.509 in Base64 or PEM",
              "必须为 Base64 或 PEM 格式的 2048 位 X.509 RSA 公钥"),
          text -> text.isEmpty() || isRsaKey(text) ? Optional.of(text) : Optional.empty(),
          JsonNodeFactory.instance::stringNode);

  static final Form<PlacedSubMerchant> SUB_MERCHANT_FORM =
      Form.<PlacedSubMerchant>of("SubMerchant", "Somebody who is paid, without keys.")
          .with("id", SUB_MERCHANT_ID, "The wire's `out_sub_mch_id`.", PlacedSubMerchant::id)
          .with("merchant", MERCHANT_ID, "Its service provider.", PlacedSubMerchant::provider)
          .with("name", MerchantTypes.NAME, "Its name.", PlacedSubMerchant::name)
          .with(
              "active",
              Types.FLAG,
              "False while it may not make new orders.",
              PlacedSubMerchant::active)
          .with("prefixes", PREFIXES, ABOUT_PREFIXES, its -> its.settings().prefixes())
          .with(
              "prefixesChecked",
              Types.FLAG,
              ABOUT_PREFIXES_CHECKED,
              its -> its.settings().prefixesChecked())
          .maybe("defaultBody", BODY, ABOUT_BODY, its -> its.settings().defaultBody())
          .with("defaultExpirySeconds", EXPIRY, ABOUT_EXPIRY, its -> its.settings().defaultExpiry())
          .maybe("rsaPublicKey", RSA_KEY, ABOUT_RSA, its -> its.settings().rsaPublicKey())
          .with("rsaRequired", Types.FLAG, ABOUT_RSA_REQUIRED, its -> its.settings().rsaRequired())
          .with(
              "refundNeedsRight",
              Types.FLAG,
              ABOUT_REFUND_RIGHT,
              its -> its.settings().refundNeedsRight())
          .with(
              "terminalsChecked",
              Types.FLAG,
              ABOUT_TERMINALS,
              its -> its.settings().terminalsChecked())
          .with("feePpm", FEE, ABOUT_FEE, its -> its.settings().feePpm())
          .with("latePayment", LATE, ABOUT_LATE, its -> its.settings().latePayment())
          .maybe(
              "oldKeyUntil",
              Types.INSTANT,
              "Until then the key before the present one verifies too.",
              PlacedSubMerchant::oldKeyUntil)
          .with(
              "cell",
              Types.int32(0, CellId.MAX),
              "Where it lives: with its merchant.",
              its -> its.cell().value())
          .with(
              "createdAt", Types.INSTANT, "Since when it is there.", PlacedSubMerchant::createdAt);

  private static final Form<ManageMerchants.Made<PlacedSubMerchant>> NEW_SUB_MERCHANT =
      SUB_MERCHANT_FORM
          .<ManageMerchants.Made<PlacedSubMerchant>>in(
              "NewSubMerchant",
              "A sub-merchant with its key, which cannot be had again.",
              ManageMerchants.Made::merchant)
          .with(
              "key",
              KEY,
              "The wire's `authen_key`: signs its calls and our answers. Keep it.",
              ManageMerchants.Made::key);

  private static final Field.May<SubMerchantId> NEW_ID =
      may("id", SUB_MERCHANT_ID, "Of a sub-merchant that is imported; made here otherwise.");
  private static final Field.Must<List<String>> NEW_PREFIXES =
      must("prefixes", PREFIXES, ABOUT_PREFIXES);
  private static final Field.Must<Boolean> PREFIXES_CHECKED =
      must("prefixesChecked", Types.FLAG, ABOUT_PREFIXES_CHECKED).or(true);
  private static final Field.Must<String> DEFAULT_BODY =
      must("defaultBody", BODY, ABOUT_BODY).or("");
  private static final Field.Must<Duration> DEFAULT_EXPIRY =
      must("defaultExpirySeconds", EXPIRY, ABOUT_EXPIRY).or(Settings.USUAL_EXPIRY);
  private static final Field.Must<String> RSA_PUBLIC_KEY =
      must("rsaPublicKey", RSA_KEY, ABOUT_RSA).or("");
  private static final Field.Must<Boolean> RSA_REQUIRED =
      must("rsaRequired", Types.FLAG, ABOUT_RSA_REQUIRED).or(false);
  private static final Field.Must<Boolean> REFUND_RIGHT =
      must("refundNeedsRight", Types.FLAG, ABOUT_REFUND_RIGHT).or(false);
  private static final Field.Must<Boolean> TERMINALS_CHECKED =
      must("terminalsChecked", Types.FLAG, ABOUT_TERMINALS).or(false);
  private static final Field.Must<Integer> FEE_PPM = must("feePpm", FEE, ABOUT_FEE).or(0);
  private static final Field.Must<LatePayment> LATE_PAYMENT =
      must("latePayment", LATE, ABOUT_LATE).or(LatePayment.REFUND);

  private static final Field.May<List<String>> OTHER_PREFIXES =
      may("prefixes", PREFIXES, ABOUT_PREFIXES + " All of them.");
  private static final Field.May<Boolean> OTHER_PREFIXES_CHECKED =
      may("prefixesChecked", Types.FLAG, ABOUT_PREFIXES_CHECKED);
  private static final Field.May<Boolean> OTHER_TERMINALS_CHECKED =
      may("terminalsChecked", Types.FLAG, ABOUT_TERMINALS);
  private static final Field.May<String> OTHER_BODY = may("defaultBody", BODY, ABOUT_BODY);
  private static final Field.May<Duration> OTHER_EXPIRY =
      may("defaultExpirySeconds", EXPIRY, ABOUT_EXPIRY);
  private static final Field.May<String> OTHER_RSA = may("rsaPublicKey", RSA_KEY, ABOUT_RSA);
  private static final Field.May<Boolean> OTHER_RSA_REQUIRED =
      may("rsaRequired", Types.FLAG, ABOUT_RSA_REQUIRED);
  private static final Field.May<Boolean> OTHER_REFUND_RIGHT =
      may("refundNeedsRight", Types.FLAG, ABOUT_REFUND_RIGHT);
  private static final Field.May<Integer> OTHER_FEE = may("feePpm", FEE, ABOUT_FEE);
  private static final Field.May<LatePayment> OTHER_LATE = may("latePayment", LATE, ABOUT_LATE);

  private static final Field.Must<Duration> OVERLAP_SECONDS =
      must(
              "overlapSeconds",
              OVERLAP,
              "How long calls may still be signed with the old key, in seconds; 0: it ends at"
                  + " once.")
          .or(ManageMerchants.USUAL_OVERLAP);

  private static final Field.May<ProviderId> MERCHANT_IS =
      may("merchant", MERCHANT_ID, "Only those of this merchant.");

  private final ManageMerchants manage;

  SubMerchantsArea(ManageMerchants manage) {
    this.manage = manage;
  }

  @Override
  public String name() {
    return "sub-merchants";
  }

  @Override
  public String about() {
    return "Who is paid over the gateway, each below a merchant.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.post(
                "sub-merchants.create",
                "/merchants/{merchant}/sub-merchants",
                "Opens or imports a sub-merchant.")
            .about(
                "Its key is in this answer alone: it is stored encrypted and never shown again. Who"
                    + " moves here keeps its id, its prefixes and its key.")
            .path(MERCHANT)
            .body(
                NEW_NAME,
                NEW_PREFIXES,
                PREFIXES_CHECKED,
                DEFAULT_BODY,
                DEFAULT_EXPIRY,
                RSA_PUBLIC_KEY,
                RSA_REQUIRED,
                REFUND_RIGHT,
                TERMINALS_CHECKED,
                FEE_PPM,
                LATE_PAYMENT,
                NEW_ID,
                IMPORTED_KEY)
            .example(
                """
                {"name": "Example Shops", "prefixes": ["10200001"], "feePpm": 6000}\
                """)
            .refuses(NO_SUCH_MERCHANT, ID_TAKEN, NO_RSA_KEY, KEY_IS_OF_CHANNEL)
            .creates(NEW_SUB_MERCHANT)
            .by(this::create),
        Operation.get(
                "sub-merchants.list",
                "/sub-merchants",
                "Lists sub-merchants by age, the oldest first.")
            .query(MERCHANT_IS, NAME_PART)
            .pages(
                SUB_MERCHANT_FORM,
                Cursor.number(),
                PlacedSubMerchant::number,
                "id",
                "merchant",
                "name",
                "active",
                "prefixes",
                "feePpm",
                "createdAt")
            .by((call, part) ->
                manage.subMerchants(
                    call.get(MERCHANT_IS).map(ProviderId::value).orElse(""),
                    call.get(NAME_PART).orElse(""),
                    part.after().orElse(0L),
                    part.limit())),
        Operation.get("sub-merchants.get", "/sub-merchants/{subMerchant}", "Shows a sub-merchant.")
            .path(SUB_MERCHANT)
            .refuses(NO_SUCH_SUB_MERCHANT)
            .answers(SUB_MERCHANT_FORM)
            .by(call -> existing(manage, call)),
        Operation.patch(
                "sub-merchants.change",
                "/sub-merchants/{subMerchant}",
                "Changes what a sub-merchant is set to.")
            .path(SUB_MERCHANT)
            .body(
                OTHER_NAME,
                OTHER_PREFIXES,
                OTHER_PREFIXES_CHECKED,
                OTHER_BODY,
                OTHER_EXPIRY,
                OTHER_RSA,
                OTHER_RSA_REQUIRED,
                OTHER_REFUND_RIGHT,
                OTHER_TERMINALS_CHECKED,
                OTHER_FEE,
                OTHER_LATE)
            .example("{\"latePayment\": \"deliver\"}")
            .refuses(NO_SUCH_SUB_MERCHANT, NO_RSA_KEY)
            .answers(SUB_MERCHANT_FORM)
            .by(this::change),
        Operation.post(
                "sub-merchants.disable",
                "/sub-merchants/{subMerchant}/disable",
                "Keeps a sub-merchant from making new orders.")
            .about("Orders that are there can still be paid, asked for and refunded.")
            .path(SUB_MERCHANT)
            .refuses(NO_SUCH_SUB_MERCHANT)
            .answers(SUB_MERCHANT_FORM)
            .by(call -> setActive(call, false)),
        Operation.post(
                "sub-merchants.enable",
                "/sub-merchants/{subMerchant}/enable",
                "Lets a sub-merchant go on again.")
            .path(SUB_MERCHANT)
            .refuses(NO_SUCH_SUB_MERCHANT)
            .answers(SUB_MERCHANT_FORM)
            .by(call -> setActive(call, true)),
        Operation.post(
                "sub-merchants.rotate-key",
                "/sub-merchants/{subMerchant}/rotate-key",
                "Gives a sub-merchant a new key; the old one still verifies for a while.")
            .about("The key is in this answer alone. A key before the old one ends at once.")
            .path(SUB_MERCHANT)
            .body(OVERLAP_SECONDS, IMPORTED_KEY)
            .example("{\"overlapSeconds\": 86400}")
            .refuses(NO_SUCH_SUB_MERCHANT, KEY_IS_OF_CHANNEL)
            .answers(NEW_SUB_MERCHANT)
            .by(this::rotate),
        Operation.post(
                "sub-merchants.retire-key",
                "/sub-merchants/{subMerchant}/retire-key",
                "Ends the old key of a sub-merchant before its time.")
            .path(SUB_MERCHANT)
            .refuses(NO_SUCH_SUB_MERCHANT)
            .answers(SUB_MERCHANT_FORM)
            .by(call ->
                Answers.done(
                    manage.retireOldKey(call.operator(), call.get(SUB_MERCHANT)),
                    MerchantTypes::spelt)));
  }

  /// The sub-merchant that the path names.
  static PlacedSubMerchant existing(ManageMerchants manage, Call call) {
    SubMerchantId id = call.get(SUB_MERCHANT);
    return Answers.found(manage.subMerchant(id), NO_SUCH_SUB_MERCHANT, id);
  }

  private ManageMerchants.Made<PlacedSubMerchant> create(Call call) {
    var settings =
        new Settings(
            call.get(NEW_PREFIXES),
            call.get(PREFIXES_CHECKED),
            given(call.get(DEFAULT_BODY)),
            call.get(DEFAULT_EXPIRY),
            given(call.get(RSA_PUBLIC_KEY)),
            call.get(RSA_REQUIRED),
            call.get(REFUND_RIGHT),
            call.get(FEE_PPM),
            call.get(LATE_PAYMENT),
            call.get(TERMINALS_CHECKED));
    requirePrefixes(call, NEW_PREFIXES, settings);
    var command =
        new ManageMerchants.NewSubMerchant(
            call.get(MERCHANT),
            call.get(NEW_ID),
            call.get(NEW_NAME),
            call.get(IMPORTED_KEY),
            settings);
    return Answers.done(manage.create(call.operator(), command), MerchantTypes::spelt);
  }

  private PlacedSubMerchant change(Call call) {
    return change(
        call,
        before -> {
          var settings = settings(call, before.settings());
          requirePrefixes(call, OTHER_PREFIXES, settings);
          return with(
              before, call.get(OTHER_NAME).orElse(before.name()), before.active(), settings);
        });
  }

  private static Settings settings(Call call, Settings before) {
    return new Settings(
        call.get(OTHER_PREFIXES).orElse(before.prefixes()),
        call.get(OTHER_PREFIXES_CHECKED).orElse(before.prefixesChecked()),
        call.get(OTHER_BODY).map(SubMerchantsArea::given).orElse(before.defaultBody()),
        call.get(OTHER_EXPIRY).orElse(before.defaultExpiry()),
        call.get(OTHER_RSA).map(SubMerchantsArea::given).orElse(before.rsaPublicKey()),
        call.get(OTHER_RSA_REQUIRED).orElse(before.rsaRequired()),
        call.get(OTHER_REFUND_RIGHT).orElse(before.refundNeedsRight()),
        call.get(OTHER_FEE).orElse(before.feePpm()),
        call.get(OTHER_LATE).orElse(before.latePayment()),
        call.get(OTHER_TERMINALS_CHECKED).orElse(before.terminalsChecked()));
  }

  /// Without any prefix every number would be refused.
  private static void requirePrefixes(Call call, Field<?> field, Settings settings) {
    if (settings.prefixesChecked() && settings.prefixes().isEmpty()) {
      throw call.wrong(
          field,
          "must name one at least, unless prefixesChecked is false",
          "至少需要一个前缀,除非 prefixesChecked 为 false");
    }
  }

  private PlacedSubMerchant setActive(Call call, boolean active) {
    return change(call, before -> with(before, before.name(), active, before.settings()));
  }

  private static PlacedSubMerchant with(
      PlacedSubMerchant before, String name, boolean active, Settings settings) {
    return new PlacedSubMerchant(
        before.id(),
        before.provider(),
        before.cell(),
        name,
        active,
        settings,
        before.oldKeyUntil(),
        before.createdAt(),
        before.number());
  }

  private PlacedSubMerchant change(Call call, UnaryOperator<PlacedSubMerchant> change) {
    return Answers.done(
        manage.change(call.operator(), call.get(SUB_MERCHANT), change), MerchantTypes::spelt);
  }

  private ManageMerchants.Made<PlacedSubMerchant> rotate(Call call) {
    SubMerchantId id = call.get(SUB_MERCHANT);
    Secret key =
        Answers.done(
            manage.replaceKey(
                call.operator(), id, call.get(IMPORTED_KEY), call.get(OVERLAP_SECONDS)),
            MerchantTypes::spelt);
    return new ManageMerchants.Made<>(manage.subMerchant(id).orElseThrow(), key);
  }

  private static Optional<String> given(String text) {
    return Optional.of(text).filter(some -> !some.isEmpty());
  }

  private static boolean isRsaKey(String text) {
    try {
      RsaKey.of(text);
      return text.length() <= LONGEST_KEY_TEXT;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
