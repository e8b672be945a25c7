package io.yunfu.gateway;

import io.yunfu.db.Cell;
import io.yunfu.db.DatabaseListener;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.Bill;
import io.yunfu.gateway.channel.BillRow;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.Connector;
import io.yunfu.gateway.channel.CreateOrder;
import io.yunfu.gateway.channel.OrderReference;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.PageArguments;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.channel.Payer;
import io.yunfu.gateway.channel.Prepaid;
import io.yunfu.gateway.channel.RefundOrder;
import io.yunfu.gateway.channel.RefundReport;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The steps of a program that can be seen from outside: each time that the database has committed
/// or answered, and before and after each call to a channel. At one of them the program dies: it
/// takes no further step. What it would have committed next is as if it had never been asked for,
/// so a death before a commit is the death after the step before it.
public final class Steps {
  private final int last;
  private int taken;

  /// @param last the program dies once it has taken so many
  public Steps(int last) {
    this.last = last;
  }

  /// The program ends here. No `finally` of it may do anything that another program could see.
  public static final class Died extends Error {
    private static final long serialVersionUID = 1;

    Died() {
      super("the program dies here", null, false, false);
    }
  }

  public synchronized void step() {
    taken++;
    if (taken >= last) {
      throw new Died();
    }
  }

  /// Whether it got as far as dying.
  public synchronized boolean isDead() {
    return taken >= last;
  }

  /// Counts what a cell's database does, until [#release].
  public void watch(Cell cell) {
    cell.database().listen((took, failure) -> step());
  }

  public static void release(Cell cell) {
    cell.database().listen(DatabaseListener.NONE);
  }

  /// A channel whose calls are steps.
  public Connector around(Connector channel) {
    return new Counted(channel);
  }

  private final class Counted implements Connector {
    private final Connector channel;

    Counted(Connector channel) {
      this.channel = channel;
    }

    private <T> T call(Supplier<T> call) {
      step();
      T answer = call.get();
      step();
      return answer;
    }

    @Override
    public PayPlatform platform() {
      return channel.platform();
    }

    @Override
    public Answer<Prepaid> create(ChannelAccount account, CreateOrder order) {
      return call(() -> channel.create(account, order));
    }

    @Override
    public PageArguments page(
        ChannelAccount account,
        Payer payer,
        Prepaid prepaid,
        Optional<ChannelAccount.SignType> signType,
        Instant now) {
      return channel.page(account, payer, prepaid, signType, now);
    }

    @Override
    public Answer<OrderReport> query(ChannelAccount account, OrderReference order) {
      return call(() -> channel.query(account, order));
    }

    @Override
    public Answer<Closed> close(
        ChannelAccount account, OrderReference order, Optional<String> staffId) {
      return call(() -> channel.close(account, order, staffId));
    }

    @Override
    public Answer<RefundReport> refund(ChannelAccount account, RefundOrder refund) {
      return call(() -> channel.refund(account, refund));
    }

    @Override
    public Answer<RefundReport> queryRefund(
        ChannelAccount account, RefundOrder.RefundReference refund) {
      return call(() -> channel.queryRefund(account, refund));
    }

    @Override
    public Answer<Bill> bill(ChannelAccount account, LocalDate day, Consumer<BillRow> rows) {
      return call(() -> channel.bill(account, day, rows));
    }

    @Override
    public Answer<List<RefundReport>> refunds(
        ChannelAccount account, OrderReference order, List<String> numbers) {
      return call(() -> channel.refunds(account, order, numbers));
    }

    @Override
    public Optional<ChannelNotice.Subject> peek(ChannelNotice.Kind kind, byte[] body) {
      return channel.peek(kind, body);
    }

    @Override
    public ChannelNotice read(
        ChannelAccount account,
        Optional<OrderReference> order,
        ChannelNotice.Kind kind,
        byte[] body) {
      return channel.read(account, order, kind, body);
    }

    @Override
    public ChannelNotice.Acknowledgement acknowledge(
        ChannelNotice.Kind kind, Optional<String> refusal) {
      return channel.acknowledge(kind, refusal);
    }

    @Override
    public String masked(byte[] body) {
      return channel.masked(body);
    }

    @Override
    public Duration longest(Call call) {
      return channel.longest(call);
    }

    @Override
    public void close() {
      channel.close();
    }
  }
}
