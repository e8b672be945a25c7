package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;

import io.yunfu.db.Cells;
import io.yunfu.operator.AuditEntry;
import io.yunfu.operator.AuditLog;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/// Every change that an operator made.
final class AuditArea implements Area {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Scalar<String> WORDS = Types.text(1, 300);

  private static final Form<AuditEntry> ENTRY =
      Form.<AuditEntry>of("AuditEntry", "One change that an operator made.")
          .with("id", Types.ROW_ID, "Its number.", AuditEntry::id)
          .with("at", Types.INSTANT, "When.", AuditEntry::at)
          .with("actor", WORDS, "Who: `operator:NAME` of the token.", AuditEntry::actor)
          .with("action", WORDS, "What was done: `account.open`.", AuditEntry::action)
          .with("subject", WORDS, "To what: `account/100000000001`.", AuditEntry::subject)
          .with("requestId", WORDS, "In which request.", AuditEntry::requestId)
          .with(
              "detail",
              Types.JSON_OBJECT,
              "What it was changed to. Never a secret.",
              entry -> JSON.readTree(entry.detail()));

  private static final Field.May<String> ACTOR =
      may("actor", WORDS, "Only changes of this one: `operator:NAME`.");
  private static final Field.May<String> ACTION =
      may(
          "action",
          WORDS,
          "Only this action; `account` stands for all that begin with `account.`.");
  private static final Field.May<String> SUBJECT =
      may("subject", WORDS, "Only changes of this: `account/100000000001`.");
  private static final Field.May<String> REQUEST_ID =
      may("requestId", WORDS, "Only changes of this request.");
  private static final Field.Must<Instant> FROM =
      must("from", Types.INSTANT, "Only changes at this instant or later.").or(AuditLog.BEGINNING);
  private static final Field.Must<Instant> UNTIL =
      must("until", Types.INSTANT, "Only changes before this instant.").or(AuditLog.END);

  private static final Cursor<AuditEntry.Position> CURSOR =
      Cursor.timeAndNumber(
          AuditEntry.Position::at, AuditEntry.Position::id, AuditEntry.Position::new);

  private final Cells cells;
  private final AuditLog audit;

  AuditArea(Cells cells, AuditLog audit) {
    this.cells = cells;
    this.audit = audit;
  }

  @Override
  public String name() {
    return "audit";
  }

  @Override
  public String about() {
    return "The log of every change that an operator made.";
  }

  @Override
  public List<Operation> operations() {
    return List.of(
        Operation.get("audit.list", "/audit", "Lists changes, newest first.")
            .query(ACTOR, ACTION, SUBJECT, REQUEST_ID, FROM, UNTIL)
            .pages(
                ENTRY,
                CURSOR,
                AuditEntry::position,
                "at",
                "actor",
                "action",
                "subject",
                "detail",
                "requestId")
            .by((call, part) ->
                audit.list(
                    cells,
                    new AuditLog.Filter(
                        call.get(ACTOR),
                        call.get(ACTION),
                        call.get(SUBJECT),
                        call.get(REQUEST_ID),
                        call.get(FROM),
                        call.get(UNTIL)),
                    part.after(),
                    part.limit())));
  }
}
