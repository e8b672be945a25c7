package io.yunfu.simulator.admin;

import io.yunfu.simulator.channel.Channel;
import io.yunfu.simulator.channel.Paid;
import io.yunfu.simulator.channel.Payable;
import io.yunfu.simulator.channel.Payment;
import io.yunfu.simulator.channel.Surroundings;
import io.yunfu.simulator.json.BadInput;
import io.yunfu.simulator.people.User;
import java.util.List;
import java.util.Optional;

/// Where users pay: the cashier's page and the API come here alike.
final class Counter {
  private final Surroundings world;
  private final List<Channel> channels;
  private final Bridges bridges;

  Counter(Surroundings world, List<Channel> channels, Bridges bridges) {
    this.world = world;
    this.channels = channels;
    this.bridges = bridges;
  }

  /// Lets a user pay, and tells the page that waits for it.
  ///
  /// @param channel empty: whichever has something at this reference
  /// @param closing whether the user closes the app before the page hears of it
  Paid pay(
      Optional<String> channel,
      String reference,
      String user,
      Payment.Action action,
      boolean late,
      boolean closing) {
    Payable payable =
        find(channel, reference)
            .orElseThrow(() -> new BadInput("there is nothing to pay at " + reference));
    User payer = user(user);
    Paid paid =
        world
            .timeline()
            .step(() -> named(payable.channel()).pay(new Payment(reference, payer, action, late)))
            .orElseThrow(() -> new BadInput("there is nothing to pay at " + reference));
    if (closing) {
      bridges.leave(payable.channel(), reference);
    } else if (!(action instanceof Payment.Action.PasswordWrong) && !paid.pageResult().isEmpty()) {
      bridges.tell(payable.channel(), reference, paid.pageResult());
    } // else the app stays open
    return paid;
  }

  /// The user closes the app; the page hears nothing.
  void leave(String channel, String reference) {
    bridges.leave(channel, reference);
  }

  Optional<Payable> find(Optional<String> channel, String reference) {
    return world
        .timeline()
        .step(() ->
            channels.stream()
                .filter(each -> channel.isEmpty() || channel.get().equals(each.name()))
                .flatMap(each -> each.payable(reference).stream())
                .findFirst());
  }

  /// What could be paid, newest first.
  List<Payable> all() {
    return world
        .timeline()
        .step(() -> channels.stream().flatMap(each -> each.payables().stream()).toList());
  }

  Channel named(String name) {
    return channels.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new BadInput("there is no channel " + name));
  }

  User user(String name) {
    return world.people().named(name).orElseThrow(() -> new BadInput("there is no user " + name));
  }
}
