package io.yunfu.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.kernel.CellId;
import io.yunfu.kernel.IdSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class CellsIT {
  static List<Integer> registered(Cells cells) {
    return cells
        .directory()
        .read(tx -> tx.query("select cell_id from cell order by 1", row -> row.intAt("cell_id")));
  }

  @Test
  void an_empty_database_gets_its_directory_and_cells() {
    try (Cells cells = Cells.open(TestDatabase.settings(0), 2)) {
      assertThat(registered(cells)).containsExactly(0, 1);
      assertThat(cells.all()).extracting(cell -> cell.id().value()).containsExactly(0, 1);
      for (Cell cell : cells.all()) {
        assertThat(cell.database().schema()).isEqualTo(cell.id().schema());
        assertThat(IdSource.cellOf(cell.ids().next())).isEqualTo(cell.id());
      }
      assertThatThrownBy(() -> cells.get(new CellId(2))).hasMessageContaining("cell_2");
    }
  }

  @Test
  void cells_are_added_later_and_keep_what_they_have() {
    DatabaseSettings settings = TestDatabase.settings(1);
    try (Cells one = Cells.open(settings, 1)) {
      one.directory().execute(tx -> tx.update("insert into owner values (100, 0)"));
    }
    try (Cells two = Cells.open(settings, 2)) {
      assertThat(registered(two)).containsExactly(0, 1);
      List<Long> owners =
          two.directory().read(tx -> tx.query("select uin from owner", row -> row.longAt("uin")));
      assertThat(owners).containsExactly(100L);
    }
  }

  @Test
  void cells_are_never_taken_away() {
    DatabaseSettings settings = TestDatabase.settings(2);
    assertThatThrownBy(() -> Cells.open(settings, 1))
        .isInstanceOf(SchemaUnfit.class)
        .hasMessageContaining("2 cells")
        .hasMessageContaining("1 is configured");
  }

  @Test
  void a_schema_of_a_newer_program_is_refused_and_left_alone() {
    DatabaseSettings settings = TestDatabase.settings(1);
    try (Database cell = Database.open(settings, "cell_0")) {
      cell.execute(tx ->
          tx.update(
              "insert into flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) values (1000, '4711', 'future', 'SQL', 'V4711__future.sql', 1, 'me', 1, true)"));
    }
    assertThatThrownBy(() -> Cells.open(settings, 1))
        .isInstanceOf(SchemaUnfit.class)
        .hasMessageContaining("cell_0 is at version 4711, of a newer Yunfu");
  }

  @Test
  void a_schema_that_other_migrations_made_is_refused() {
    DatabaseSettings settings = TestDatabase.settings(1);
    try (Database directory = Database.open(settings, "directory")) {
      directory.execute(
          tx -> tx.update("update flyway_schema_history set checksum = 1 where version = '1'"));
    }
    assertThatThrownBy(() -> Cells.open(settings, 1))
        .isInstanceOf(SchemaUnfit.class)
        .hasMessageContaining("Version 1 of the schema directory");
  }

  @Test
  void nodes_may_start_at_the_same_time_on_an_empty_database() throws Exception {
    DatabaseSettings settings = TestDatabase.settings(0).withPoolSize(2);
    List<Cells> nodes = all(4, () -> Cells.open(settings, 2));
    for (Cells node : nodes) {
      assertThat(registered(node)).containsExactly(0, 1);
      node.close();
    }
  }

  @Test
  void a_database_that_is_away_is_told_so() throws Exception {
    try (CutCable cable = new CutCable(TestDatabase.settings(1))) {
      cable.unplug();
      assertThatThrownBy(() -> Cells.open(cable.settings(), 1))
          .isInstanceOf(DatabaseAway.class)
          .hasMessageContaining("is away");
    }
  }

  @Test
  void ids_are_unique_over_threads_and_nodes_and_carry_their_cell() throws Exception {
    DatabaseSettings settings = TestDatabase.settings(1);
    CellId cell = new CellId(0);
    try (Database one = Database.open(settings, "cell_0");
        Database two = Database.open(settings, "cell_0")) {
      // Small blocks, so that many are drawn.
      List<IdBlocks> nodes = List.of(new IdBlocks(one, cell, 50), new IdBlocks(two, cell, 50));
      Set<Long> ids = ConcurrentHashMap.newKeySet();
      List<Boolean> fresh =
          all(
              8,
              () -> {
                boolean all = true;
                for (int i = 0; i < 2000; i++) {
                  all &= ids.add(nodes.get(i % 2).next());
                }
                return all;
              });
      assertThat(fresh).containsOnly(true);
      assertThat(ids).hasSize(16_000).allMatch(id -> IdSource.cellOf(id).equals(cell));
    }
  }

  @Test
  void a_work_that_holds_the_last_connection_draws_ids_of_a_new_block() throws Exception {
    DatabaseSettings settings = TestDatabase.settings(1);
    try (Database database = Database.open(settings, "cell_0")) {
      var ids = new IdBlocks(database, new CellId(0), 4);
      assertThat(all(4, () -> database.inTransaction(tx -> ids.next())))
          .doesNotHaveDuplicates()
          .hasSize(4);
    }
  }

  @Test
  void a_work_does_not_ask_its_own_database_for_a_second_connection() {
    try (Database database = Database.open(TestDatabase.settings(2), "cell_0")) {
      assertThatThrownBy(
              () -> database.inTransaction(_ -> database.read(tx -> tx.query("select 1", _ -> 1))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("second connection");
      database.ping();
    }
  }

  @Test
  void ids_of_one_block_ascend_and_a_fresh_node_takes_none_twice() {
    DatabaseSettings settings = TestDatabase.settings(1);
    Set<Long> seen = new HashSet<>();
    for (int node = 0; node < 3; node++) {
      try (Cells cells = Cells.open(settings, 1)) {
        long last = 0;
        for (int i = 0; i < 10; i++) {
          long id = cells.all().getFirst().ids().next();
          assertThat(id).isGreaterThan(last);
          assertThat(seen.add(id)).isTrue();
          last = id;
        }
      }
    }
  }

  @Test
  void without_a_database_ids_last_to_the_end_of_the_block_and_no_further() throws Exception {
    try (CutCable cable = new CutCable(TestDatabase.settings(1));
        Database database = Database.open(cable.settings(), "cell_0")) {
      IdBlocks ids = new IdBlocks(database, new CellId(0), 10);
      ids.next();
      cable.unplug();
      for (int i = 1; i < 10; i++) {
        ids.next();
      }
      assertThatThrownBy(ids::next).isInstanceOf(DatabaseAway.class);
      cable.plugIn();
      while (database.awayBecause() != null) {
        Thread.sleep(10);
      }
      assertThat(IdSource.sequenceOf(ids.next())).isEqualTo(11);
    }
  }

  private static <T> List<T> all(int threads, Callable<T> task) throws Exception {
    List<T> results = new ArrayList<>();
    try (var executor = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        futures.add(executor.submit(task));
      }
      for (Future<T> future : futures) {
        results.add(future.get());
      }
    }
    return results;
  }
}
