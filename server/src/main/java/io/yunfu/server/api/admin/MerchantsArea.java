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
import static io.yunfu.server.api.admin.MerchantTypes.NO_SUCH_MERCHANT;
import static io.yunfu.server.api.admin.MerchantTypes.OTHER_NAME;

import io.yunfu.gateway.merchant.ManageMerchants;
import io.yunfu.gateway.merchant.Merchant.Acknowledgement;
import io.yunfu.gateway.merchant.Merchant.NoticeKey;
import io.yunfu.gateway.merchant.Merchant.NoticeSettings;
import io.yunfu.gateway.merchant.Merchant.Schedule;
import io.yunfu.gateway.merchant.PlacedProvider;
import io.yunfu.gateway.merchant.ProviderId;
import io.yunfu.gateway.notice.NoticeCalls;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Secret;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Service providers of the payment gateway: opened or imported, changed, switched off, never
/// deleted. Source: `cloudpay.md` section 6.
final class MerchantsArea implements Area {
  private static final String ABOUT_CALLBACK =
      "Where payments are reported to: https://. Empty: nobody wants to know.";
  private static final String ABOUT_NOTICE_KEY =
      "Whose key signs what is reported: its own, or that of the sub-merchant who was paid.";
  private static final String ABOUT_ACKNOWLEDGEMENT =
      "What counts as taken: an answer with HTTP 200, or an envelope that says so too.";
  private static final String ABOUT_REFUND_NOTICES = "Whether refunds are reported too.";
  private static final String ABOUT_SCHEDULE =
      "How often a report is tried: three more times within minutes, or for a day.";

  private static final Scalar<String> URL = Types.text(2000);
  private static final Scalar<NoticeKey> NOTICE_KEY = MerchantTypes.choice(NoticeKey.values());
  private static final Scalar<Acknowledgement> ACKNOWLEDGEMENT =
      MerchantTypes.choice(Acknowledgement.values());
  private static final Scalar<Schedule> SCHEDULE = MerchantTypes.choice(Schedule.values());

  static final Form<PlacedProvider> MERCHANT_FORM =
      Form.<PlacedProvider>of(
              "Merchant", "A service provider of the payment gateway, without its key.")
          .with("id", MERCHANT_ID, "The wire's `out_mch_id`.", PlacedProvider::id)
          .with("name", MerchantTypes.NAME, "Its name.", PlacedProvider::name)
          .with(
              "active",
              Types.FLAG,
              "False while none of its sub-merchants may make new orders.",
              PlacedProvider::active)
          .maybe(
              "callbackUrl",
              URL,
              "Where payments are reported to.",
              its -> its.notices().callback().map(URI::toString))
          .with("noticeKey", NOTICE_KEY, ABOUT_NOTICE_KEY, its -> its.notices().key())
          .with(
              "acknowledgement",
              ACKNOWLEDGEMENT,
              ABOUT_ACKNOWLEDGEMENT,
              its -> its.notices().acknowledgement())
          .with("refundNotices", Types.FLAG, ABOUT_REFUND_NOTICES, its -> its.notices().refunds())
          .with("noticeSchedule", SCHEDULE, ABOUT_SCHEDULE, its -> its.notices().schedule())
          .with(
              "cell",
              Types.int32(0, CellId.MAX),
              "Where it lives, with all its sub-merchants.",
              its -> its.cell().value())
          .with("createdAt", Types.INSTANT, "Since when it is there.", PlacedProvider::createdAt);

  private static final Form<ManageMerchants.Made<PlacedProvider>> NEW_MERCHANT =
      MERCHANT_FORM
          .<ManageMerchants.Made<PlacedProvider>>in(
              "NewMerchant",
              "A merchant with its key, which cannot be had again.",
              ManageMerchants.Made::merchant)
          .with("key", KEY, "Signs what it is told. Keep it.", ManageMerchants.Made::key);

  private static final Field.May<ProviderId> NEW_ID =
      may("id", MERCHANT_ID, "Of a merchant that is imported; made here otherwise.");
  private static final Field.Must<String> CALLBACK =
      must("callbackUrl", URL, ABOUT_CALLBACK).or("");
  private static final Field.Must<NoticeKey> KEY_OF_NOTICES =
      must("noticeKey", NOTICE_KEY, ABOUT_NOTICE_KEY).or(NoticeKey.PROVIDER);
  private static final Field.Must<Acknowledgement> ACKNOWLEDGED =
      must("acknowledgement", ACKNOWLEDGEMENT, ABOUT_ACKNOWLEDGEMENT).or(Acknowledgement.HTTP_200);
  private static final Field.Must<Boolean> REFUND_NOTICES =
      must("refundNotices", Types.FLAG, ABOUT_REFUND_NOTICES).or(false);
  private static final Field.Must<Schedule> NOTICE_SCHEDULE =
      must("noticeSchedule", SCHEDULE, ABOUT_SCHEDULE).or(Schedule.STANDARD);
  private static final Field.May<Integer> CELL =
      may(
          "cell",
          Types.int32(0, CellId.MAX),
          "In which cell it lives, for good: that of the accounts that pay over it for their"
              + " balances. Without it, its id decides.");

  private static final Field.May<String> OTHER_CALLBACK = may("callbackUrl", URL, ABOUT_CALLBACK);
  private static final Field.May<NoticeKey> OTHER_KEY_OF_NOTICES =
      may("noticeKey", NOTICE_KEY, ABOUT_NOTICE_KEY);
  private static final Field.May<Acknowledgement> OTHER_ACKNOWLEDGED =
      may("acknowledgement", ACKNOWLEDGEMENT, ABOUT_ACKNOWLEDGEMENT);
  private static final Field.May<Boolean> OTHER_REFUND_NOTICES =
      may("refundNotices", Types.FLAG, ABOUT_REFUND_NOTICES);
  private static final Field.May<Schedule> OTHER_NOTICE_SCHEDULE =
      may("noticeSchedule", SCHEDULE, ABOUT_SCHEDULE);

  private final ManageMerchants manage;
  private final boolean allowPrivateTargets;

  /// @param allowPrivateTargets whether merchants may be on this machine or its network, and be
  ///   told over plain http
  MerchantsArea(ManageMerchants manage, boolean allowPrivateTargets) {
    this.manage = manage;
    this.allowPrivateTargets = allowPrivateTargets;
  }

  @Override
  public String name() {
    return "merchants";
  }

  @Override
  public String about() {
    return "Service providers of the payment gateway.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.post("merchants.create", "/merchants", "Opens or imports a merchant.")
            .about(
                "Its key is in this answer alone: it is stored encrypted and never shown again. Who"
                    + " moves here keeps its id and its key.")
            .body(
                NEW_NAME,
                CALLBACK,
                KEY_OF_NOTICES,
                ACKNOWLEDGED,
                REFUND_NOTICES,
                NOTICE_SCHEDULE,
                CELL,
                NEW_ID,
                IMPORTED_KEY)
            .example(
                """
                {"name": "Example Services", "callbackUrl": "https://shop.example.com/paid"}\
                """)
            .refuses(ID_TAKEN, AccountsArea.UNKNOWN_CELL)
            .creates(NEW_MERCHANT)
            .by(this::create),
        Operation.get("merchants.list", "/merchants", "Lists merchants by age, the oldest first.")
            .query(NAME_PART)
            .pages(
                MERCHANT_FORM,
                Cursor.number(),
                PlacedProvider::number,
                "id",
                "name",
                "active",
                "callbackUrl",
                "cell",
                "createdAt")
            .by((call, part) ->
                manage.providers(
                    call.get(NAME_PART).orElse(""), part.after().orElse(0L), part.limit())),
        Operation.get("merchants.get", "/merchants/{merchant}", "Shows a merchant.")
            .path(MERCHANT)
            .refuses(NO_SUCH_MERCHANT)
            .answers(MERCHANT_FORM)
            .by(call -> {
              ProviderId id = call.get(MERCHANT);
              return Answers.found(manage.provider(id), NO_SUCH_MERCHANT, id);
            }),
        Operation.patch(
                "merchants.change",
                "/merchants/{merchant}",
                "Changes the name of a merchant, and how it hears of payments.")
            .path(MERCHANT)
            .body(
                OTHER_NAME,
                OTHER_CALLBACK,
                OTHER_KEY_OF_NOTICES,
                OTHER_ACKNOWLEDGED,
                OTHER_REFUND_NOTICES,
                OTHER_NOTICE_SCHEDULE)
            .example("{\"callbackUrl\": \"https://shop.example.com/paid\"}")
            .refuses(NO_SUCH_MERCHANT)
            .answers(MERCHANT_FORM)
            .by(this::change),
        Operation.post(
                "merchants.disable",
                "/merchants/{merchant}/disable",
                "Keeps all sub-merchants of a merchant from making new orders.")
            .about("Orders that are there can still be paid, asked for and refunded.")
            .path(MERCHANT)
            .refuses(NO_SUCH_MERCHANT)
            .answers(MERCHANT_FORM)
            .by(call -> setActive(call, false)),
        Operation.post(
                "merchants.enable", "/merchants/{merchant}/enable", "Lets a merchant go on again.")
            .path(MERCHANT)
            .refuses(NO_SUCH_MERCHANT)
            .answers(MERCHANT_FORM)
            .by(call -> setActive(call, true)),
        Operation.post(
                "merchants.rotate-key",
                "/merchants/{merchant}/rotate-key",
                "Gives a merchant a new key, which signs from the next report on.")
            .about("The key is in this answer alone.")
            .path(MERCHANT)
            .body(IMPORTED_KEY)
            .example("{}")
            .refuses(NO_SUCH_MERCHANT, KEY_IS_OF_CHANNEL)
            .answers(NEW_MERCHANT)
            .by(this::rotate));
  }

  private ManageMerchants.Made<PlacedProvider> create(Call call) {
    var command =
        new ManageMerchants.NewProvider(
            call.get(NEW_ID),
            call.get(NEW_NAME),
            call.get(IMPORTED_KEY),
            new NoticeSettings(
                url(call, CALLBACK, call.get(CALLBACK)),
                call.get(KEY_OF_NOTICES),
                call.get(ACKNOWLEDGED),
                call.get(REFUND_NOTICES),
                call.get(NOTICE_SCHEDULE)),
            call.get(CELL).map(CellId::new));
    return Answers.done(manage.create(call.operator(), command), MerchantTypes::spelt);
  }

  private PlacedProvider change(Call call) {
    Optional<String> given = call.get(OTHER_CALLBACK);
    Optional<URI> callback =
        given.isPresent() ? url(call, OTHER_CALLBACK, given.get()) : Optional.empty();
    return change(
        call,
        before ->
            new PlacedProvider(
                before.id(),
                before.cell(),
                call.get(OTHER_NAME).orElse(before.name()),
                before.active(),
                new NoticeSettings(
                    given.isPresent() ? callback : before.notices().callback(),
                    call.get(OTHER_KEY_OF_NOTICES).orElse(before.notices().key()),
                    call.get(OTHER_ACKNOWLEDGED).orElse(before.notices().acknowledgement()),
                    call.get(OTHER_REFUND_NOTICES).orElse(before.notices().refunds()),
                    call.get(OTHER_NOTICE_SCHEDULE).orElse(before.notices().schedule())),
                before.createdAt(),
                before.number()));
  }

  private PlacedProvider setActive(Call call, boolean active) {
    return change(
        call,
        before ->
            new PlacedProvider(
                before.id(),
                before.cell(),
                before.name(),
                active,
                before.notices(),
                before.createdAt(),
                before.number()));
  }

  private PlacedProvider change(Call call, UnaryOperator<PlacedProvider> change) {
    return Answers.done(
        manage.change(call.operator(), call.get(MERCHANT), change), MerchantTypes::spelt);
  }

  private ManageMerchants.Made<PlacedProvider> rotate(Call call) {
    ProviderId id = call.get(MERCHANT);
    Secret key =
        Answers.done(
            manage.replaceKey(call.operator(), id, call.get(IMPORTED_KEY)), MerchantTypes::spelt);
    return new ManageMerchants.Made<>(manage.provider(id).orElseThrow(), key);
  }

  private Optional<URI> url(Call call, Field<?> field, String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI url = URI.create(text);
      var objection = NoticeCalls.objection(url, allowPrivateTargets);
      if (objection.isEmpty()) {
        return Optional.of(url);
      }
    } catch (IllegalArgumentException _) {
      // Said below.
    }
    throw call.wrong(
        field,
        "must be a URL with https:// that names a host, no user and no fragment",
        "必须为 https:// 地址,包含主机名,不含用户信息与片段");
  }
}
