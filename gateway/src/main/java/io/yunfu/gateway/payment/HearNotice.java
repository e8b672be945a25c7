package io.yunfu.gateway.payment;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.ChannelNotice.Acknowledgement;
import io.yunfu.gateway.channel.Connector;
import io.yunfu.gateway.channel.OrderReference;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.Merchants;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a channel reports by itself. The URL finds the order, the order its key, and the key says
/// whether the notice is genuine; only then its content counts. A notice that comes again, or late,
/// or with another one at the same time, changes nothing more. Source: `channels.md` section 2.13.
public final class HearNotice {
  /// Unit: bytes.
  public static final int LONGEST = 64 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(HearNotice.class);

  private final Cells cells;
  private final Merchants merchants;
  private final ChannelCalls calls;
  private final OrderBook book;
  private final Refunds refunds;
  private final PaymentStore store = new PaymentStore();

  HearNotice(
      Cells cells, Merchants merchants, ChannelCalls calls, OrderBook book, Refunds refunds) {
    this.cells = cells;
    this.merchants = merchants;
    this.calls = calls;
    this.book = book;
    this.refunds = refunds;
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
    var subject = connector.peek(address.kind(), body);
    if (subject.isEmpty()) {
      return Optional.of("not a notice");
    }
    String number = order.get().outTradeNo();
    if (subject.get().outTradeNo().filter(named -> !named.equals(number)).isPresent()) {
      return Optional.of("about another order");
    }
    Merchant merchant = merchants.byNumber(cell.id(), order.get().merchant()).orElseThrow();
    var account = ChannelCalls.account(merchant, order.get());
    if (account.isEmpty()) {
      return Optional.of("no account");
    }
    // Before it is paid the order knows no transaction, and afterwards another one is a second
    // payment: neither is the connector's to judge.
    var reference =
        new OrderReference(number, Optional.empty(), order.get().total(), order.get().signType());
    return switch (connector.read(account.get(), Optional.of(reference), address.kind(), body)) {
      case ChannelNotice.Rejected(String why) -> Optional.of(why);
      case ChannelNotice.Ignored(String why) -> Optional.empty();
      case ChannelNotice.AboutOrder(var report, var _) -> {
        book.hear(cell, merchant, order.get().id(), report, "notice");
        yield Optional.empty();
      }
      case ChannelNotice.RefundHint(var report) -> {
        refunds.hint(cell, merchant, order.get(), report.outRefundNo());
        yield Optional.empty();
      }
    };
  }
}
