package io.yunfu.server.api.billing;

import io.yunfu.db.Cell;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// All tables of a cell, looked at as a whole: emptied between two tests, and compared before and
/// after what must change nothing.
final class Tables {
  private static final String NAMES =
      """
      select tablename from pg_tables
       where schemaname = current_schema and tablename not in ('flyway_schema_history', 'id_block')
       order by tablename
      """;

  private static final String REFERENCES =
      """
      select r.relname as child, p.relname as parent
        from pg_constraint c
        join pg_class r on r.oid = c.conrelid
        join pg_class p on p.oid = c.confrelid
       where c.contype = 'f' and c.connamespace = current_schema::regnamespace and r.oid <> p.oid
      """;

  /// Whose rows nobody may remove.
  private static final Set<String> STAYING = Set.of("posting", "deal", "payment", "sub_merchant");

  /// Of one row each, which stays.
  private static final Set<String> COUNTERS = Set.of("change_counter", "merchant_change");

  private final Cell cell;
  private final List<String> childrenFirst;

  Tables(Cell cell) {
    this.cell = cell;
    this.childrenFirst = childrenFirst();
  }

  private List<String> childrenFirst() {
    return cell.database()
        .read(tx -> {
          var left = new TreeMap<String, TreeSet<String>>();
          tx.query(NAMES, row -> row.text("tablename"))
              .forEach(name -> left.put(name, new TreeSet<>()));
          tx.query(REFERENCES, row -> Map.entry(row.text("parent"), row.text("child")))
              .forEach(reference -> left.get(reference.getKey()).add(reference.getValue()));
          var order = new ArrayList<String>();
          while (!left.isEmpty()) {
            var free = left.keySet().stream().filter(name -> left.get(name).isEmpty()).toList();
            if (free.isEmpty()) {
              throw new IllegalStateException("tables refer to each other in a circle: " + left);
            }
            order.addAll(free);
            free.forEach(left::remove);
            left.values().forEach(children -> children.removeAll(free));
          }
          return order;
        });
  }

  /// Deletes all rows, and runs these statements as one transaction.
  void reset(String sql) {
    String empty =
        childrenFirst.stream()
            .filter(name -> !COUNTERS.contains(name))
            .map(Tables::deletion)
            .collect(Collectors.joining(";\n"));
    cell.database().execute(tx -> tx.update(empty + ";\n" + sql));
  }

  private static String deletion(String name) {
    String rows = "delete from " + name;
    return STAYING.contains(name)
        ? String.join(";\n", stays(name, "disable"), rows, stays(name, "enable"))
        : rows;
  }

  private static String stays(String name, String how) {
    return "alter table " + name + " " + how + " trigger " + name + "_stays";
  }

  void run(String sql) {
    cell.database().execute(tx -> tx.update(sql));
  }

  /// Number of rows and hash of all values, by table.
  Map<String, String> fingerprint() {
    String sql =
        childrenFirst.stream()
            .map(name ->
                """
                select '%1$s' as name, count(*) || ' rows ' || coalesce(md5(string_agg(t::text, e'\\n' order by t::text)), '')
                       as print
                  from %1$s t
                """
                    .formatted(name))
            .collect(Collectors.joining(" union all "));
    var prints = new LinkedHashMap<String, String>();
    cell.database()
        .read(tx -> tx.query(sql, row -> Map.entry(row.text("name"), row.text("print"))))
        .forEach(print -> prints.put(print.getKey(), print.getValue()));
    return prints;
  }
}
