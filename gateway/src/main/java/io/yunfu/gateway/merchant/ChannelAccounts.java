package io.yunfu.gateway.merchant;

import static io.yunfu.kernel.Check.require;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.ChannelAccount.AlipayTrust;
import io.yunfu.gateway.channel.ChannelAccount.OldKey;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.KnownAccount.Print;
import io.yunfu.kernel.Secret;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.MasterKey;
import io.yunfu.operator.Operator;
import io.yunfu.operator.Outcome;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What channels know merchants by: set by the operator, sealed, and shown by fingerprints alone.
/// Every change is audited in the transaction that makes it.
public final class ChannelAccounts {
  /// Enough to tell two secrets apart, and too little to look one up; unit: hexadecimal digits.
  private static final int SECRET_DIGITS = 16;

  /// How long the API v2 key before the present one still verifies, if nothing else is said.
  /// Source: `channels.md` section 11, O-12.
  public static final Duration USUAL_OVERLAP = Duration.ofDays(2);

  private final MerchantDirectory directory;
  private final MasterKey masterKey;
  private final InstantSource clock;
  private final KeysApart keysApart;
  private final MerchantStore store = new MerchantStore();
  private final AuditLog audit = new AuditLog();

  public ChannelAccounts(Cells cells, MasterKey masterKey, InstantSource clock) {
    this.directory = new MerchantDirectory(cells);
    this.masterKey = masterKey;
    this.clock = clock;
    this.keysApart = new KeysApart(masterKey);
  }

  /// Whose credentials: its number and, of a sub-merchant, that of its provider.
  private record Holder(long number, String subject, Optional<Long> provider) {}

  /// Sets what a channel knows a provider by.
  ///
  /// @param make from what is set now, where anything is; a secret that is not given again stays
  public Outcome<KnownAccount, MerchantRefused> set(
      Operator operator,
      ProviderId id,
      PayPlatform platform,
      Function<Optional<ChannelCredentials>, ChannelCredentials> make) {
    return set(operator, id, platform, USUAL_OVERLAP, make);
  }

  /// The same.
  ///
  /// @param overlap how long WeChat Pay's answers and notices may still be signed with an API v2
  ///   key that another one takes the place of; zero: an old key ends at once, an older one too.
  ///   What we sign is signed with the new key in any case. A key before the old one ends at once
  public Outcome<KnownAccount, MerchantRefused> set(
      Operator operator,
      ProviderId id,
      PayPlatform platform,
      Duration overlap,
      Function<Optional<ChannelCredentials>, ChannelCredentials> make) {
    require(!overlap.isNegative(), "an overlap is not negative: %s", overlap);
    return directory
        .cellOf(MerchantDirectory.PROVIDER, id.value())
        .map(cell ->
            set(operator, cell, tx -> holder(tx, cell, id, true), platform, overlap, make)
                .orElseGet(() -> Outcome.refused(new MerchantRefused.NoSuchProvider(id))))
        .orElseGet(() -> Outcome.refused(new MerchantRefused.NoSuchProvider(id)));
  }

  /// Sets what a channel knows a sub-merchant by.
  public Outcome<KnownAccount, MerchantRefused> set(
      Operator operator,
      SubMerchantId id,
      PayPlatform platform,
      Function<Optional<ChannelCredentials>, ChannelCredentials> make) {
    return directory
        .cellOf(MerchantDirectory.SUB_MERCHANT, id.value())
        .map(cell ->
            set(operator, cell, tx -> holder(tx, cell, id, true), platform, Duration.ZERO, make)
                .orElseGet(() -> Outcome.refused(new MerchantRefused.NoSuchSubMerchant(id))))
        .orElseGet(() -> Outcome.refused(new MerchantRefused.NoSuchSubMerchant(id)));
  }

  /// What is set for a provider, one channel after the other; empty when there is no such provider.
  public Optional<List<KnownAccount>> list(ProviderId id) {
    return directory
        .cellOf(MerchantDirectory.PROVIDER, id.value())
        .flatMap(cell ->
            cell.database()
                .read(tx -> holder(tx, cell, id, false).map(holder -> known(tx, holder))));
  }

  /// The same for a sub-merchant.
  public Optional<List<KnownAccount>> list(SubMerchantId id) {
    return directory
        .cellOf(MerchantDirectory.SUB_MERCHANT, id.value())
        .flatMap(cell ->
            cell.database()
                .read(tx -> holder(tx, cell, id, false).map(holder -> known(tx, holder))));
  }

  /// Ends the API v2 key before the present one, which still verified for a while, and forgets it.
  /// Repeated, or where there is none, it changes nothing.
  public Outcome<List<KnownAccount>, MerchantRefused> retireOldKey(
      Operator operator, ProviderId id) {
    return directory
        .cellOf(MerchantDirectory.PROVIDER, id.value())
        .flatMap(cell ->
            cell.database()
                .inTransaction(tx ->
                    holder(tx, cell, id, true)
                        .map(holder -> {
                          retireOldKey(tx, operator, cell, holder);
                          return Outcome.<List<KnownAccount>, MerchantRefused>done(
                              known(tx, holder));
                        })))
        .orElseGet(() -> Outcome.refused(new MerchantRefused.NoSuchProvider(id)));
  }

  private void retireOldKey(Transaction tx, Operator operator, Cell cell, Holder holder) {
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var stored = stored(tx, holder, PayPlatform.WECHAT);
    if (oldKey(stored, now).isEmpty()) {
      return;
    }
    var wechat = (ChannelCredentials.WechatProvider) stored.orElseThrow();
    store.put(tx, Seals.seal(masterKey, holder.number, wechat.with(Optional.empty())), now);
    audit.write(
        tx,
        cell.ids(),
        now,
        operator,
        "channel-account.retire-key",
        holder.subject,
        Detail.of("platform", PayPlatform.WECHAT));
  }

  private Optional<Outcome<KnownAccount, MerchantRefused>> set(
      Operator operator,
      Cell cell,
      Function<Transaction, Optional<Holder>> find,
      PayPlatform platform,
      Duration overlap,
      Function<Optional<ChannelCredentials>, ChannelCredentials> make) {
    return cell.database()
        .inTransaction(tx ->
            find.apply(tx).map(holder -> set(tx, operator, cell, holder, platform, overlap, make)));
  }

  private Outcome<KnownAccount, MerchantRefused> set(
      Transaction tx,
      Operator operator,
      Cell cell,
      Holder holder,
      PayPlatform platform,
      Duration overlap,
      Function<Optional<ChannelCredentials>, ChannelCredentials> make) {
    var before = stored(tx, holder, platform);
    ChannelCredentials made = make.apply(before);
    require(made.platform() == platform, "credentials of %s for %s", made.platform(), platform);
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    ChannelCredentials after =
        made instanceof ChannelCredentials.WechatProvider wechat
            ? wechat.replacing(
                before.map(ChannelCredentials.WechatProvider.class::cast), now, overlap)
            : made;
    var unusable = CredentialsCheck.of(after);
    if (unusable.isPresent()) {
      return Outcome.refused(unusable.get());
    }
    var shared =
        keysApart.refusal(
            tx,
            after,
            holder.provider.orElse(holder.number),
            holder.provider.map(_ -> holder.number));
    if (shared.isPresent()) {
      return Outcome.refused(shared.get());
    }
    store.put(tx, Seals.seal(masterKey, holder.number, after), now);
    audit.write(
        tx,
        cell.ids(),
        now,
        operator,
        "channel-account.set",
        holder.subject,
        Detail.of("platform", platform)
            .and("secrets", prints(after).stream().map(Print::name).toList())
            .and("oldKeyUntil", oldKey(Optional.of(after), now).map(OldKey::until)));
    return Outcome.done(
        known(tx, holder).stream()
            .filter(account -> account.platform() == platform)
            .findFirst()
            .orElseThrow());
  }

  private Optional<ChannelCredentials> stored(Transaction tx, Holder holder, PayPlatform platform) {
    return store.accounts(tx, holder.number).stream()
        .filter(account -> account.platform() == platform.number())
        .map(account -> Seals.open(masterKey, account))
        .findFirst();
  }

  private static Optional<OldKey> oldKey(Optional<ChannelCredentials> credentials, Instant now) {
    return credentials
        .filter(ChannelCredentials.WechatProvider.class::isInstance)
        .map(ChannelCredentials.WechatProvider.class::cast)
        .flatMap(wechat -> wechat.oldKeyAt(now));
  }

  private Optional<Holder> holder(Transaction tx, Cell cell, ProviderId id, boolean lock) {
    var provider = lock ? store.lockProvider(tx, cell.id(), id) : store.provider(tx, cell.id(), id);
    return provider.map(
        found -> new Holder(found.provider().number(), "provider/" + id, Optional.empty()));
  }

  private Optional<Holder> holder(Transaction tx, Cell cell, SubMerchantId id, boolean lock) {
    var sub = lock ? store.lockSub(tx, cell.id(), id) : store.sub(tx, cell.id(), id);
    return sub.map(found ->
        new Holder(
            found.sub().number(), "sub-merchant/" + id, Optional.of(found.providerNumber())));
  }

  private List<KnownAccount> known(Transaction tx, Holder holder) {
    var above =
        holder.provider.map(provider ->
            store.accounts(tx, provider).stream()
                .map(MerchantStore.StoredAccount::platform)
                .toList());
    var now = clock.instant();
    return store.datedAccounts(tx, holder.number).stream()
        .map(dated ->
            known(
                Seals.open(masterKey, dated.account()),
                above.map(platforms -> platforms.contains(dated.account().platform())),
                dated,
                now))
        .toList();
  }

  private static KnownAccount known(
      ChannelCredentials credentials,
      Optional<Boolean> isComplete,
      MerchantStore.DatedAccount dated,
      Instant now) {
    var prints = prints(credentials);
    return switch (credentials) {
      case ChannelCredentials.WechatProvider wechat ->
          new KnownAccount(
              wechat.platform(),
              Optional.of(wechat.merchantNumber()),
              wechat.appIds(),
              Optional.of(wechat.signType()),
              Optional.empty(),
              Optional.empty(),
              prints,
              isComplete,
              wechat.oldKeyAt(now).map(OldKey::until),
              dated.changedAt());
      case ChannelCredentials.WechatSubMerchant wechat ->
          new KnownAccount(
              wechat.platform(),
              Optional.of(wechat.merchantNumber()),
              wechat.appIds(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              prints,
              isComplete,
              Optional.empty(),
              dated.changedAt());
      case ChannelCredentials.AlipayProvider alipay ->
          new KnownAccount(
              alipay.platform(),
              Optional.empty(),
              List.of(alipay.appId()),
              Optional.empty(),
              Optional.empty(),
              alipay.serviceProviderId(),
              prints,
              isComplete,
              Optional.empty(),
              dated.changedAt());
      case ChannelCredentials.AlipaySubMerchant alipay ->
          new KnownAccount(
              alipay.platform(),
              Optional.empty(),
              List.of(),
              Optional.empty(),
              alipay.sellerId(),
              Optional.empty(),
              prints,
              isComplete,
              Optional.empty(),
              dated.changedAt());
    };
  }

  private static List<Print> prints(ChannelCredentials credentials) {
    var prints = new ArrayList<Print>();
    switch (credentials) {
      case ChannelCredentials.WechatProvider wechat -> {
        prints.add(secret("apiKey", wechat.apiKey()));
        wechat
            .certificate()
            .flatMap(KeyFiles::open)
            .ifPresent(pair -> prints.add(certificate("certificate", pair.certificate())));
      }
      case ChannelCredentials.AlipayProvider alipay -> {
        KeyFiles.privateKey(alipay.privateKey().reveal())
            .flatMap(KeyFiles::publicHalf)
            .ifPresent(key -> prints.add(plain("privateKey", sha256(key.getEncoded()))));
        switch (alipay.trust()) {
          case AlipayTrust.PublicKey(String text) ->
              KeyFiles.publicKey(text)
                  .ifPresent(key -> prints.add(plain("alipayPublicKey", sha256(key.getEncoded()))));
          case AlipayTrust.Certificates(var application, var certificates, var roots) -> {
            certificates("applicationCertificate", application, prints);
            certificates.forEach(one -> certificates("alipayCertificates", one, prints));
            certificates("rootCertificates", roots, prints);
          }
        }
      }
      case ChannelCredentials.AlipaySubMerchant alipay ->
          alipay.appAuthToken().ifPresent(token -> prints.add(secret("appAuthToken", token)));
      case ChannelCredentials.WechatSubMerchant _ -> {}
    }
    return prints;
  }

  private static Print secret(String name, Secret secret) {
    return plain(name, sha256(secret.reveal().getBytes(UTF_8)).substring(0, SECRET_DIGITS));
  }

  private static Print plain(String name, String sha256) {
    return new Print(name, sha256, Optional.empty(), Optional.empty());
  }

  private static void certificates(String name, String pem, List<Print> prints) {
    KeyFiles.certificates(pem).forEach(one -> prints.add(certificate(name, one)));
  }

  private static Print certificate(String name, X509Certificate certificate) {
    try {
      return new Print(
          name,
          sha256(certificate.getEncoded()),
          Optional.of(certificate.getSubjectX500Principal().getName()),
          Optional.of(certificate.getNotAfter().toInstant()));
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("what was read can be written", e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
