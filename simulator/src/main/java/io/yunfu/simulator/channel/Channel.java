package io.yunfu.simulator.channel;

import io.yunfu.simulator.http.Inbound;
import io.yunfu.simulator.http.Port;
import io.yunfu.simulator.http.Reply;
import io.yunfu.simulator.json.Fields;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// One payment channel: its wire, its order book, its notices, and how its users pay.
public interface Channel {
  /// `wechat` or `alipay`: in rules of faults, in account names of the ledger, in the admin API.
  String name();

  /// Where its API is served.
  Set<Port> listeners();

  /// Whether its calls take microseconds; none of them waits for anybody.
  boolean isQuick();

  /// Begins anew with the configured merchants, or with the default ones; also at the start. Runs
  /// in a step.
  ///
  /// @param section the channel's part of the configuration
  void reset(Optional<Fields> section);

  /// Reads a request. Whatever is wrong with it is for [Call#perform] to say, in the channel's own
  /// words.
  ///
  /// @return empty when the channel has nothing at this path
  Optional<Call> read(Inbound inbound);

  /// Adds a merchant, as it is spelt in the configuration. Runs in a step.
  ///
  /// @throws io.yunfu.simulator.json.BadInput if it makes no sense
  void register(Fields merchant);

  /// Changes how it behaves from now on. Runs in a step.
  void adjust(Fields settings);

  /// How it behaves, as [#adjust] takes it.
  JsonNode settings();

  /// The merchants, without their keys, as JSON for people.
  List<JsonNode> merchants();

  /// What a user could pay now, newest first, for the cashier's list.
  List<Payable> payables();

  /// What a user can pay by a reference: a prepay id, the content of a QR code, a trade number.
  Optional<Payable> payable(String reference);

  /// Lets a user pay, or fail to. Runs in a step.
  ///
  /// @return empty when there is nothing at this reference
  Optional<Paid> pay(Payment payment);

  /// Checks what a page hands to the channel's app.
  Bridged bridge(JsonNode parameters);

  /// The first and the last pair of digits of its payment codes.
  CodeRange codes();

  record CodeRange(int first, int last) {}

  /// Everything about a number, in the order in which it happened, as JSON for people.
  Optional<JsonNode> history(String number);

  /// The numbers of the last orders, newest first.
  List<JsonNode> orders(int limit);

  /// What was paid and given back by the channel's order book, per merchant account: the ledger is
  /// checked against it.
  List<Turnover> turnovers();

  /// The bill of a day as it stands, for people.
  Reply bill(LocalDate day);
}
