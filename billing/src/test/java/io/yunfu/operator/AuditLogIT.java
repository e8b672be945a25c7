package io.yunfu.operator;

import static io.yunfu.billing.Desk.ANN;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.Desk;
import io.yunfu.billing.account.Edition;
import io.yunfu.billing.account.OpenAccount;
import io.yunfu.billing.balance.TopUp;
import io.yunfu.db.TestDatabase;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// With two cells, whatever the suite runs with.
class AuditLogIT {
  private final Desk desk = new Desk(TestDatabase.cells(2));
  private final AuditLog log = new AuditLog();

  @AfterEach
  void close() {
    desk.cells.close();
  }

  @Test
  void entries_of_all_cells_and_of_the_directory_are_merged_newest_first_and_paged() {
    desk.adminTokens.ensureFirst();
    for (int i = 0; i < 3; i++) {
      for (int cell = 0; cell < 2; cell++) {
        desk.clock.advance(Duration.ofMillis(1));
        desk.open(Edition.CHINA, new OpenAccount.Place.In(new CellId(cell)));
      }
    }
    var all = log.list(desk.cells, AuditLog.Filter.ALL, Optional.empty(), 100);
    assertThat(all).hasSize(7);
    assertThat(all).isSortedAccordingTo((a, b) -> b.at().compareTo(a.at()));
    assertThat(all.getLast().action()).isEqualTo("token.create");
    var paged = new ArrayList<AuditEntry>();
    Optional<AuditEntry.Position> after = Optional.empty();
    List<AuditEntry> page;
    do {
      page = log.list(desk.cells, AuditLog.Filter.ALL, after, 2);
      paged.addAll(page);
      after = page.isEmpty() ? after : Optional.of(page.getLast().position());
    } while (!page.isEmpty());
    assertThat(paged).isEqualTo(all);
  }

  @Test
  void filters_are_combined() {
    var uin = desk.owner(100);
    var bob = new Operator("bob", "request-2");
    desk.clock.advance(Duration.ofMinutes(1));
    desk.topUp.topUp(bob, TopUp.Command.cash(uin, Money.cny(1))).orThrow();
    assertThat(listed(filter(Optional.of(bob.actor()), Optional.empty()))).hasSize(1);
    assertThat(listed(filter(Optional.of(ANN.actor()), Optional.of("balance")))).hasSize(1);
    assertThat(listed(filter(Optional.empty(), Optional.of("balance.top-up")))).hasSize(2);
    assertThat(listed(filter(Optional.empty(), Optional.of("bal")))).isEmpty();
    var late =
        new AuditLog.Filter(
            Optional.empty(),
            Optional.empty(),
            Optional.of("account/" + uin),
            Optional.of("request-2"),
            Desk.NOW.plusSeconds(60),
            Desk.NOW.plusSeconds(61));
    assertThat(listed(late)).hasSize(1);
    var before =
        new AuditLog.Filter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Instant.EPOCH,
            Desk.NOW);
    assertThat(listed(before)).isEmpty();
  }

  private List<AuditEntry> listed(AuditLog.Filter filter) {
    return log.list(desk.cells, filter, Optional.empty(), 100);
  }

  private static AuditLog.Filter filter(Optional<String> actor, Optional<String> action) {
    return new AuditLog.Filter(
        actor, action, Optional.empty(), Optional.empty(), AuditLog.BEGINNING, AuditLog.END);
  }
}
