package io.yunfu.simulator.channel;

import io.yunfu.simulator.clock.Timeline;
import io.yunfu.simulator.fault.Faults;
import io.yunfu.simulator.http.Credentials;
import io.yunfu.simulator.ledger.Ledger;
import io.yunfu.simulator.notice.Notices;
import io.yunfu.simulator.people.People;
import io.yunfu.simulator.record.RequestLog;
import io.yunfu.simulator.seed.Seed;
import java.net.URI;

/// The world that all channels share.
///
/// @param places where the simulator can be reached, once it listens
public record Surroundings(
    Seed seed,
    Timeline timeline,
    People people,
    Ledger ledger,
    Faults faults,
    Notices notices,
    RequestLog requests,
    Credentials credentials,
    Places places) {

  /// Addresses of the simulator itself.
  public interface Places {
    /// The admin listener, without a path: the cashier, the canary.
    URI admin();

    /// A channel's plain listener, for links in its answers.
    URI plain(String channel);
  }
}
