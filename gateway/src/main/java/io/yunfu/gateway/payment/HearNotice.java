package io.yunfu.gateway.payment;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.ChannelNotice.Acknowledgement;
import io.yunfu.gateway.channel.Connector;
import io.yunfu.gateway.channel.OrderReference;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.payment.KeptNotice.Verdict;
import io.yunfu.gateway.payment.NoticeFile.Made;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a channel reports by itself. The URL finds the order, the order its key, and the key says
/// whether the notice is genuine; only then its content counts. A notice that comes again, or late,
/// or with another one at the same time, changes nothing more. What is genuine is kept as it came,
/// in the transaction of what follows from it. Source: `channels.md` sections 2.13, 4.10.
public final class HearNotice {
  /// Unit: bytes.
  public static final int LONGEST = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(HearNotice.class);

  private final Cells cells;
  private final Merchants merchants;
  private final ChannelCalls calls;
  private final OrderBook book;
  private final Refunds refunds;
  private final NoticeAddresses addresses;
  private final NoticeFile file;
  private final PaymentStore store = new PaymentStore();

  HearNotice(
      Cells cells,
      Merchants merchants,
      ChannelCalls calls,
      OrderBook book,
      Refunds refunds,
      NoticeAddresses addresses,
      NoticeFile file) {
    this.cells = cells;
    this.merchants = merchants;
    this.calls = calls;
    this.book = book;
    this.refunds = refunds;
    this.addresses = addresses;
    this.file = file;
  }

  /// Which order a path is about; empty for every path that was never given to a channel. Looks
  /// nothing up.
  public Optional<NoticeAddress> address(String path) {
    return addresses.parse(path);
  }

  /// What the channel is answered.
  ///
  /// @param taken whether the notice counted, for the log
  public record Heard(Acknowledgement acknowledgement, boolean taken, String why) {}

  /// Takes a notice; empty when nobody here speaks to this channel.
  public Optional<Heard> hear(NoticeAddress address, byte[] body) {
    return calls
        .connector(address.platform())
        .map(connector -> {
          Optional<String> refusal = refusal(connector, address, body);
          refusal.ifPresent(why -> LOG.warn("A notice to {} is refused: {}", address, why));
          return new Heard(
              connector.acknowledge(address.kind(), refusal),
              refusal.isEmpty(),
              refusal.orElse(""));
        });
  }

  /// How a channel is told that its notice was not taken, and shall come again; empty when nobody
  /// here speaks to it.
  public Optional<Acknowledgement> refuse(NoticeAddress address, String why) {
    return calls
        .connector(address.platform())
        .map(connector -> connector.acknowledge(address.kind(), Optional.of(why)));
  }

  private Optional<String> refusal(Connector connector, NoticeAddress address, byte[] body) {
    if (address.cell().value() >= cells.all().size()) {
      return Optional.of("no such order");
    }
    Cell cell = cells.get(address.cell());
    var order = cell.database().read(tx -> store.byId(tx, address.payment()));
    if (order.isEmpty() || order.get().platform() != address.platform()) {
      return Optional.of("no such order");
    }
    Optional<String> why = refusal(connector, cell, address, order.get(), body);
    why.ifPresent(reason ->
        cell.database().execute(tx -> file.reject(tx, address, reason, book.now(), body)));
    return why;
  }

  private Optional<String> refusal(
      Connector connector, Cell cell, NoticeAddress address, PaymentOrder order, byte[] body) {
    var subject = connector.peek(address.kind(), body);
    if (subject.isEmpty()) {
      return Optional.of("not a notice");
    }
    String number = order.outTradeNo();
    if (subject.get().outTradeNo().filter(named -> !named.equals(number)).isPresent()) {
      return Optional.of("about another order");
    }
    Merchant merchant = merchants.byNumber(cell.id(), order.merchant()).orElseThrow();
    var account = ChannelCalls.account(merchant, order);
    if (account.isEmpty()) {
      return Optional.of("no account");
    }
    // Before it is paid the order knows no transaction, and afterwards another one is a second
    // payment: neither is the connector's to judge.
    var reference = new OrderReference(number, Optional.empty(), order.total(), order.signType());
    return switch (connector.read(account.get(), Optional.of(reference), address.kind(), body)) {
      case ChannelNotice.Rejected(String why) -> Optional.of(why);
      case ChannelNotice.Ignored(String why, var id) -> {
        String key = id.orElse("ignored/" + why);
        var kept = fresh(address, new Made(Verdict.IGNORED, key, why), body);
        cell.database().execute(tx -> file.keep(tx, kept));
        yield Optional.empty();
      }
      case ChannelNotice.AboutOrder(var report, var id) -> {
        String key = id.orElseGet(() -> key(report));
        var kept = fresh(address, new Made(Verdict.VERIFIED, key, ""), body);
        var heard =
            book.hear(cell, merchant, order.id(), report, "notice", tx -> file.keep(tx, kept));
        var _ = refunds.heard(cell, merchant, heard, report);
        yield Optional.empty();
      }
      case ChannelNotice.RefundHint(var report) -> {
        String key = report.outRefundNo() + "/" + report.state();
        var kept = fresh(address, new Made(Verdict.HINT, key, ""), body);
        refunds.hint(cell, merchant, order, report.outRefundNo(), tx -> file.keep(tx, kept));
        yield Optional.empty();
      }
    };
  }

  private NoticeFile.Fresh fresh(NoticeAddress address, Made made, byte[] body) {
    return file.fresh(address, made, book.now(), body);
  }

  /// For a channel that does not number its notices.
  private static String key(OrderReport report) {
    return report.paid().map(OrderReport.Payment::transactionId).orElse("") + "/" + report.state();
  }
}
