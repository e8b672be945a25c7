package io.yunfu.gateway.channel;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Our code that speaks to one channel. Every call has a deadline of its own, is never repeated by
/// the HTTP client, and may be repeated by the caller with the same number and content. Stateless
/// but for connections; safe for any number of threads.
///
/// Source: `channels.md` sections 1, 2, 4, 5.
public interface Connector extends AutoCloseable {
  PayPlatform platform();

  /// Makes the order known to the channel. The answer is the same for a repetition.
  Answer<Prepaid> create(ChannelAccount account, CreateOrder order);

  /// What the page needs to open the cashier; signs anew each time.
  PageArguments page(
      ChannelAccount account,
      Payer payer,
      Prepaid prepaid,
      Optional<ChannelAccount.SignType> signType,
      Instant now);

  Answer<OrderReport> query(ChannelAccount account, OrderReference order);

  /// Done: nobody can pay it any more. Unknown: it may have been paid, ask.
  Answer<Closed> close(ChannelAccount account, OrderReference order, Optional<String> staffId);

  Answer<RefundReport> refund(ChannelAccount account, RefundOrder refund);

  Answer<RefundReport> queryRefund(ChannelAccount account, RefundOrder.RefundReference refund);

  /// Fetches and reads the bill of a day. At WeChat Pay it is of all sub-merchants of the account's
  /// provider, at Alipay of the account's sub-merchant alone.
  ///
  /// @param day in Beijing; over
  /// @param rows takes each line as it is read, in the bill's order; what it throws ends the call.
  ///   Only when the answer is a [Bill.Statement] were they worth it
  Answer<Bill> bill(ChannelAccount account, LocalDate day, Consumer<BillRow> rows);

  /// The refunds of an order as far as the channel tells, whoever asked for them. WeChat Pay lists
  /// all of the order's transaction; Alipay lists none, and tells of those of the given numbers.
  ///
  /// @param numbers not empty
  Answer<List<RefundReport>> refunds(
      ChannelAccount account, OrderReference order, List<String> numbers);

  /// Reads the number of a notice without believing it. Empty when it is not a notice at all.
  Optional<ChannelNotice.Subject> peek(ChannelNotice.Kind kind, byte[] body);

  /// Verifies and reads a notice.
  ///
  /// @param order the one that [#peek] named; empty where the message hides it
  ChannelNotice read(
      ChannelAccount account, Optional<OrderReference> order, ChannelNotice.Kind kind, byte[] body);

  /// What the channel is told.
  ///
  /// @param refusal empty: taken, do not send it again
  ChannelNotice.Acknowledgement acknowledge(ChannelNotice.Kind kind, Optional<String> refusal);

  /// A notice as a person may read it: without signatures and without what says who the payer is.
  String masked(byte[] body);

  /// How long a call that can move money may take, repetitions and pauses included.
  Duration longest(Call call);

  @Override
  void close();

  /// The calls that can move money, or keep somebody from moving it.
  enum Call {
    CREATE,
    CLOSE,
    REFUND
  }

  /// An order that was closed, now or before.
  record Closed() {}
}
