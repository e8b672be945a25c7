package io.yunfu.operator;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import java.util.List;

/// The audit log at rest: table `audit` of a cell, or of the directory.
final class AuditStore {
  private static final String INSERT =
      """
      insert into audit (audit_id, at, actor, action, subject, request_id, detail)
      values (?, ?, ?, ?, ?, ?, ?::jsonb)
      """;

  /// An absent filter lets everything pass. A prefix of the action ends in a dot.
  private static final String LIST =
      """
      select audit_id, at, actor, action, subject, request_id, detail
        from audit
       where (at, audit_id) < (?, ?)
         and at >= ? and at < ?
         and (?::text is null or actor = ?)
         and (?::text is null or action = ? or starts_with(action, ? || '.'))
         and (?::text is null or subject = ?)
         and (?::text is null or request_id = ?)
       order by at desc, audit_id desc
       limit ?
      """;

  void insert(Transaction tx, AuditEntry entry) {
    tx.update(
        INSERT,
        entry.id(),
        entry.at(),
        entry.actor(),
        entry.action(),
        entry.subject(),
        entry.requestId(),
        entry.detail());
  }

  List<AuditEntry> list(
      Transaction tx, AuditLog.Filter filter, AuditEntry.Position before, int limit) {
    String actor = filter.actor().orElse(null);
    String action = filter.action().orElse(null);
    String subject = filter.subject().orElse(null);
    String requestId = filter.requestId().orElse(null);
    return tx.query(
        LIST,
        AuditStore::entry,
        before.at(),
        before.id(),
        filter.from(),
        filter.until(),
        actor,
        actor,
        action,
        action,
        action,
        subject,
        subject,
        requestId,
        requestId,
        limit);
  }

  private static AuditEntry entry(Row row) {
    return new AuditEntry(
        row.longAt("audit_id"),
        row.instant("at"),
        row.text("actor"),
        row.text("action"),
        row.text("subject"),
        row.text("request_id"),
        row.text("detail"));
  }
}
