package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;
import static io.yunfu.server.api.admin.MerchantTypes.CREDENTIALS_UNUSABLE;
import static io.yunfu.server.api.admin.MerchantTypes.MERCHANT;
import static io.yunfu.server.api.admin.MerchantTypes.NO_SUCH_MERCHANT;
import static io.yunfu.server.api.admin.MerchantTypes.NO_SUCH_SUB_MERCHANT;
import static io.yunfu.server.api.admin.MerchantTypes.SUB_MERCHANT;

import io.yunfu.gateway.channel.ChannelAccount.AlipayTrust;
import io.yunfu.gateway.channel.ChannelAccount.ClientCertificate;
import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.ChannelAccounts;
import io.yunfu.gateway.merchant.ChannelCredentials;
import io.yunfu.gateway.merchant.ChannelCredentials.AlipayProvider;
import io.yunfu.gateway.merchant.ChannelCredentials.AlipaySubMerchant;
import io.yunfu.gateway.merchant.ChannelCredentials.WechatProvider;
import io.yunfu.gateway.merchant.ChannelCredentials.WechatSubMerchant;
import io.yunfu.gateway.merchant.KeyFiles;
import io.yunfu.gateway.merchant.KnownAccount;
import io.yunfu.gateway.merchant.KnownAccount.Print;
import io.yunfu.kernel.Secret;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// What WeChat Pay and Alipay know merchants by: numbers, keys and certificates. They are checked
/// when they are set, stored encrypted, and shown by fingerprints alone.
final class ChannelsArea implements Area {
  private static final int MOST_APP_IDS = 20;
  private static final int MOST_CERTIFICATES = 10;
  private static final int LONGEST_FILE = 40_000;

  private static final String SECRETS_STAY =
      "A secret that is left out stays as it is; none is ever shown again.";

  private static final Scalar<String> NUMBER =
      Types.matching(
          Pattern.compile("[0-9A-Za-z_-]{1,64}"),
          "1 to 64 letters, digits, - or _",
          "1 到 64 个字母、数字、- 或 _");
  private static final Scalar<Secret> API_KEY =
      Types.matching(
              Pattern.compile("[\\x21-\\x7e]{32}"),
              "32 printable characters of ASCII without spaces",
              "32 个可打印的 ASCII 字符(不含空格)")
          .as(Secret::of, Secret::reveal);
  private static final Scalar<Duration> OVERLAP =
      Types.int32(0, (int) ChannelAccounts.USUAL_OVERLAP.toSeconds())
          .as(Duration::ofSeconds, overlap -> (int) overlap.toSeconds());
  private static final Scalar<String> FILE = Types.lines(LONGEST_FILE);
  private static final Scalar<String> TOKEN = Types.text(1, 200);
  private static final Scalar<SignType> SIGN_TYPE =
      Types.choice(Arrays.asList(SignType.values()), SignType::code);

  private static final Form<Print> PRINT =
      Form.<Print>of("Fingerprint", "What tells a key or a certificate from others.")
          .with("name", Types.text(50), "The field that it was given in.", Print::name)
          .with(
              "sha256",
              Types.text(64),
              "In hex: of a certificate or of a public key, that of a private key included, the"
                  + " whole digest of its encoded form; of a shared secret the first 16 digits.",
              Print::sha256)
          .maybe("subject", Types.text(500), "Of a certificate.", Print::subject)
          .maybe("expiresAt", Types.INSTANT, "The end of a certificate.", Print::expiresAt);

  private static final Form<KnownAccount> ACCOUNT =
      Form.<KnownAccount>of("ChannelAccount", "What a channel knows a merchant or sub-merchant by.")
          .with(
              "channel",
              MerchantTypes.choice(PayPlatform.values()),
              "Which channel.",
              KnownAccount::platform)
          .maybe(
              "merchantNumber", NUMBER, "Its number at WeChat Pay.", KnownAccount::merchantNumber)
          .with(
              "appIds",
              ListOf.of(NUMBER, 0, MOST_APP_IDS),
              "Its official accounts at WeChat Pay, or its application at Alipay.",
              KnownAccount::appIds)
          .maybe("signType", SIGN_TYPE, "How new orders are signed.", KnownAccount::signType)
          .maybe("sellerId", NUMBER, "Its account at Alipay.", KnownAccount::sellerId)
          .maybe(
              "serviceProviderId",
              NUMBER,
              "For commission at Alipay.",
              KnownAccount::serviceProviderId)
          .with(
              "fingerprints",
              Form.list(PRINT),
              "Of all keys and certificates.",
              KnownAccount::prints)
          .maybe(
              "complete",
              Types.FLAG,
              "Of a sub-merchant: whether its merchant's part is there too, so that it can be paid"
                  + " over this channel.",
              KnownAccount::isComplete)
          .maybe(
              "oldKeyUntil",
              Types.INSTANT,
              "Until then WeChat Pay's answers and notices may be signed with the API v2 key before"
                  + " the present one too.",
              KnownAccount::oldKeyUntil)
          .with("changedAt", Types.INSTANT, "When it was last set.", KnownAccount::changedAt);

  private record Accounts(List<KnownAccount> items) {}

  private static final Form<Accounts> ACCOUNTS =
      Form.<Accounts>of("ChannelAccounts", "All channels that are set.")
          .with("items", Form.list(ACCOUNT), "One for each channel.", Accounts::items);

  private static final Field.Must<String> WECHAT_NUMBER =
      must("merchantNumber", NUMBER, "The number at WeChat Pay: `mch_id`.");
  private static final Field.Must<List<String>> APP_IDS =
      must(
          "appIds",
          ListOf.of(NUMBER, 1, MOST_APP_IDS),
          "The official accounts; the first one counts where an order names none.");
  private static final Field.May<Secret> WECHAT_KEY =
      may("apiKey", API_KEY, "The API v2 key: 32 characters.").secret();
  private static final Field.Must<Duration> OVERLAP_SECONDS =
      must(
              "overlapSeconds",
              OVERLAP,
              "How long WeChat Pay's answers and notices may still be signed with the old API v2"
                  + " key, where another takes its place, in seconds; 0: an old key ends at once.")
          .or(ChannelAccounts.USUAL_OVERLAP);
  private static final Field.Must<SignType> SIGN =
      must("signType", SIGN_TYPE, "How new orders are signed; an order keeps what it began with.")
          .or(SignType.HMAC_SHA256);
  private static final Field.May<String> CERTIFICATE =
      may(
              "certificate",
              FILE,
              "The client certificate that refunds need, `apiclient_cert.p12`, in Base64. Empty:"
                  + " none.")
          .secret();
  private static final Field.May<Secret> CERTIFICATE_PASSWORD =
      may(
              "certificatePassword",
              Types.text(1, 100).as(Secret::of, Secret::reveal),
              "Opens the file; without it, the merchant number does.")
          .secret();
  private static final Field.May<String> CERTIFICATE_PEM =
      may(
          "certificatePem",
          FILE,
          "The same certificate in PEM, `apiclient_cert.pem`; needs certificateKeyPem too.");
  private static final Field.May<String> CERTIFICATE_KEY_PEM =
      may("certificateKeyPem", FILE, "Its key in PEM, `apiclient_key.pem`.").secret();

  private static final Field.Must<String> SUB_NUMBER =
      must("merchantNumber", NUMBER, "The number at WeChat Pay: `sub_mch_id`.");
  private static final Field.Must<List<String>> SUB_APP_IDS =
      must(
              "appIds",
              ListOf.of(NUMBER, 0, MOST_APP_IDS),
              "Its own official accounts; needed for payers that are known there.")
          .or(List.of());

  private static final Field.Must<String> ALIPAY_APP_ID =
      must("appId", NUMBER, "The application at Alipay.");
  private static final Field.May<String> ALIPAY_KEY =
      may("privateKey", FILE, "The application's private key: PKCS#8 in Base64 or PEM.").secret();
  private static final Field.May<String> ALIPAY_PUBLIC_KEY =
      may(
          "alipayPublicKey",
          FILE,
          "Alipay's public key for the application: X.509 in Base64 or PEM. Instead of the"
              + " certificates.");
  private static final Field.May<String> APPLICATION_CERTIFICATE =
      may("applicationCertificate", FILE, "In PEM, `appCertPublicKey_….crt`.");
  private static final Field.May<List<String>> ALIPAY_CERTIFICATES =
      may(
          "alipayCertificates",
          ListOf.of(FILE, 1, MOST_CERTIFICATES),
          "In PEM, `alipayCertPublicKey_RSA2.crt`; several while one takes the other's place.");
  private static final Field.May<String> ROOT_CERTIFICATES =
      may("rootCertificates", FILE, "In PEM, `alipayRootCert.crt`.");
  private static final Field.May<String> SERVICE_PROVIDER =
      may("serviceProviderId", NUMBER, "For commission: `sys_service_provider_id`.");

  private static final Field.May<Secret> APP_AUTH_TOKEN =
      may(
              "appAuthToken",
              TOKEN.as(Secret::of, Secret::reveal),
              "What the sub-merchant has authorised the application with.")
          .secret();
  private static final Field.Must<Boolean> OWN_APPLICATION =
      must(
              "ownApplication",
              Types.FLAG,
              "True: the application is the sub-merchant's own, and a token that was set goes.")
          .or(false);
  private static final Field.May<String> SELLER =
      may("sellerId", NUMBER, "The account that Alipay's answers and notices must name.");

  private final ChannelAccounts accounts;

  ChannelsArea(ChannelAccounts accounts) {
    this.accounts = accounts;
  }

  @Override
  public String name() {
    return "channels";
  }

  @Override
  public String about() {
    return "What WeChat Pay and Alipay know merchants and sub-merchants by.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.get(
                "channels.of-merchant",
                "/merchants/{merchant}/channels",
                "Shows what channels know a merchant by.")
            .path(MERCHANT)
            .refuses(NO_SUCH_MERCHANT)
            .answers(ACCOUNTS)
            .by(call ->
                new Accounts(
                    Answers.found(
                        accounts.list(call.get(MERCHANT)), NO_SUCH_MERCHANT, call.get(MERCHANT)))),
        Operation.put(
                "channels.set-wechat",
                "/merchants/{merchant}/channels/wechat",
                "Sets what WeChat Pay knows a merchant by.")
            .about(
                SECRETS_STAY
                    + " After another API v2 key requests are signed with it at once, and the old"
                    + " one still verifies for a while; one before that ends. With another"
                    + " merchantNumber no old key is left.")
            .path(MERCHANT)
            .body(
                WECHAT_NUMBER,
                APP_IDS,
                WECHAT_KEY,
                OVERLAP_SECONDS,
                SIGN,
                CERTIFICATE,
                CERTIFICATE_PASSWORD,
                CERTIFICATE_PEM,
                CERTIFICATE_KEY_PEM)
            .example(
                """
                {"merchantNumber": "1900000001", "appIds": ["wx00000000000000aa"],
                 "apiKey": "0123456789abcdefghijklmnopqrstuv"}\
                """)
            .refuses(NO_SUCH_MERCHANT, CREDENTIALS_UNUSABLE)
            .answers(ACCOUNT)
            .by(call ->
                ofMerchant(
                    call,
                    PayPlatform.WECHAT,
                    call.get(OVERLAP_SECONDS),
                    before -> wechat(call, before))),
        Operation.post(
                "channels.retire-wechat-key",
                "/merchants/{merchant}/channels/wechat/retire-key",
                "Ends the old API v2 key of a merchant at WeChat Pay before its time.")
            .path(MERCHANT)
            .refuses(NO_SUCH_MERCHANT)
            .answers(ACCOUNTS)
            .by(call ->
                new Accounts(
                    Answers.done(
                        accounts.retireOldKey(call.operator(), call.get(MERCHANT)),
                        MerchantTypes::spelt))),
        Operation.put(
                "channels.set-alipay",
                "/merchants/{merchant}/channels/alipay",
                "Sets what Alipay knows a merchant by.")
            .about(
                "Alipay's answers are verified with its public key, or with three kinds of"
                    + " certificates: one of both has to be given. "
                    + SECRETS_STAY)
            .path(MERCHANT)
            .body(
                ALIPAY_APP_ID,
                ALIPAY_KEY,
                ALIPAY_PUBLIC_KEY,
                APPLICATION_CERTIFICATE,
                ALIPAY_CERTIFICATES,
                ROOT_CERTIFICATES,
                SERVICE_PROVIDER)
            .example(
                """
                {"appId": "2021000000000001", "privateKey": "MIIE…", "alipayPublicKey": "MIIB…"}\
                """)
            .refuses(NO_SUCH_MERCHANT, CREDENTIALS_UNUSABLE)
            .answers(ACCOUNT)
            .by(call ->
                ofMerchant(
                    call, PayPlatform.ALIPAY, Duration.ZERO, before -> alipay(call, before))),
        Operation.get(
                "channels.of-sub-merchant",
                "/sub-merchants/{subMerchant}/channels",
                "Shows what channels know a sub-merchant by.")
            .path(SUB_MERCHANT)
            .refuses(NO_SUCH_SUB_MERCHANT)
            .answers(ACCOUNTS)
            .by(call ->
                new Accounts(
                    Answers.found(
                        accounts.list(call.get(SUB_MERCHANT)),
                        NO_SUCH_SUB_MERCHANT,
                        call.get(SUB_MERCHANT)))),
        Operation.put(
                "channels.set-sub-wechat",
                "/sub-merchants/{subMerchant}/channels/wechat",
                "Sets what WeChat Pay knows a sub-merchant by.")
            .path(SUB_MERCHANT)
            .body(SUB_NUMBER, SUB_APP_IDS)
            .example("{\"merchantNumber\": \"1900000101\"}")
            .refuses(NO_SUCH_SUB_MERCHANT)
            .answers(ACCOUNT)
            .by(call ->
                ofSubMerchant(
                    call,
                    PayPlatform.WECHAT,
                    _ -> new WechatSubMerchant(call.get(SUB_NUMBER), call.get(SUB_APP_IDS)))),
        Operation.put(
                "channels.set-sub-alipay",
                "/sub-merchants/{subMerchant}/channels/alipay",
                "Sets what Alipay knows a sub-merchant by.")
            .about(SECRETS_STAY)
            .path(SUB_MERCHANT)
            .body(APP_AUTH_TOKEN, OWN_APPLICATION, SELLER)
            .example("{\"appAuthToken\": \"202601BBexample\", \"sellerId\": \"2088000000000001\"}")
            .refuses(NO_SUCH_SUB_MERCHANT, CREDENTIALS_UNUSABLE)
            .answers(ACCOUNT)
            .by(call ->
                ofSubMerchant(call, PayPlatform.ALIPAY, before -> subAlipay(call, before))));
  }

  private KnownAccount ofMerchant(
      Call call,
      PayPlatform platform,
      Duration overlap,
      Function<Optional<ChannelCredentials>, ChannelCredentials> make) {
    return Answers.done(
        accounts.set(call.operator(), call.get(MERCHANT), platform, overlap, make),
        MerchantTypes::spelt);
  }

  private KnownAccount ofSubMerchant(
      Call call,
      PayPlatform platform,
      Function<Optional<ChannelCredentials>, ChannelCredentials> make) {
    return Answers.done(
        accounts.set(call.operator(), call.get(SUB_MERCHANT), platform, make),
        MerchantTypes::spelt);
  }

  private static ChannelCredentials wechat(Call call, Optional<ChannelCredentials> before) {
    var known = before.map(WechatProvider.class::cast);
    return new WechatProvider(
        call.get(WECHAT_NUMBER),
        call.get(APP_IDS),
        call.get(WECHAT_KEY)
            .or(() -> known.map(WechatProvider::apiKey))
            .orElseThrow(() -> missing(call, WECHAT_KEY)),
        call.get(SIGN),
        certificate(call, known));
  }

  private static Optional<ClientCertificate> certificate(
      Call call, Optional<WechatProvider> known) {
    if (call.has(CERTIFICATE_PEM) != call.has(CERTIFICATE_KEY_PEM)) {
      throw missing(call, call.has(CERTIFICATE_PEM) ? CERTIFICATE_KEY_PEM : CERTIFICATE_PEM);
    }
    if (call.has(CERTIFICATE) && call.has(CERTIFICATE_PEM)) {
      throw call.wrong(
          CERTIFICATE, "cannot be given together with certificatePem", "不能与 certificatePem 同时给出");
    }
    Secret password =
        call.get(CERTIFICATE_PASSWORD).orElseGet(() -> Secret.of(call.get(WECHAT_NUMBER)));
    if (call.has(CERTIFICATE_PEM)) {
      var key = call.get(CERTIFICATE_KEY_PEM).filter(text -> !text.isBlank()).map(Secret::of);
      return Optional.of(
          key.flatMap(some -> KeyFiles.join(call.get(CERTIFICATE_PEM).orElse(""), some, password))
              .orElseThrow(() ->
                  call.wrong(
                      CERTIFICATE_PEM,
                      "and certificateKeyPem are not a certificate and its RSA key in PKCS#8",
                      "与 certificateKeyPem 不是证书及其 PKCS#8 格式的 RSA 私钥")));
    }
    return call.get(CERTIFICATE)
        .map(text ->
            text.isBlank()
                ? Optional.<ClientCertificate>empty()
                : Optional.of(new ClientCertificate(Secret.of(text), password)))
        .orElseGet(() -> known.flatMap(WechatProvider::certificate));
  }

  private static ChannelCredentials alipay(Call call, Optional<ChannelCredentials> before) {
    var known = before.map(AlipayProvider.class::cast);
    return new AlipayProvider(
        call.get(ALIPAY_APP_ID),
        call.get(ALIPAY_KEY)
            .filter(text -> !text.isBlank())
            .map(Secret::of)
            .or(() -> known.map(AlipayProvider::privateKey))
            .orElseThrow(() -> missing(call, ALIPAY_KEY)),
        trust(call),
        call.get(SERVICE_PROVIDER));
  }

  private static AlipayTrust trust(Call call) {
    boolean hasCertificates =
        call.has(APPLICATION_CERTIFICATE)
            || call.has(ALIPAY_CERTIFICATES)
            || call.has(ROOT_CERTIFICATES);
    if (call.has(ALIPAY_PUBLIC_KEY) && hasCertificates) {
      throw call.wrong(
          ALIPAY_PUBLIC_KEY, "cannot be given together with certificates", "不能与证书同时给出");
    }
    if (!hasCertificates) {
      return new AlipayTrust.PublicKey(
          call.get(ALIPAY_PUBLIC_KEY).orElseThrow(() -> missing(call, ALIPAY_PUBLIC_KEY)));
    }
    return new AlipayTrust.Certificates(
        call.get(APPLICATION_CERTIFICATE).orElseThrow(() -> missing(call, APPLICATION_CERTIFICATE)),
        call.get(ALIPAY_CERTIFICATES).orElseThrow(() -> missing(call, ALIPAY_CERTIFICATES)),
        call.get(ROOT_CERTIFICATES).orElseThrow(() -> missing(call, ROOT_CERTIFICATES)));
  }

  private static ChannelCredentials subAlipay(Call call, Optional<ChannelCredentials> before) {
    boolean own = call.get(OWN_APPLICATION);
    if (own && call.has(APP_AUTH_TOKEN)) {
      throw call.wrong(
          APP_AUTH_TOKEN, "is not needed for an application of its own", "使用自有应用时不需要授权令牌");
    }
    var token =
        call.get(APP_AUTH_TOKEN)
            .or(() ->
                before.map(AlipaySubMerchant.class::cast).flatMap(AlipaySubMerchant::appAuthToken));
    if (!own && token.isEmpty()) {
      throw missing(call, APP_AUTH_TOKEN);
    }
    return new AlipaySubMerchant(own ? Optional.empty() : token, call.get(SELLER));
  }

  private static Refused missing(Call call, Field<?> field) {
    return call.given().wrong(field, Structure.missing());
  }
}
