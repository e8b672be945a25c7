package io.yunfu.ledger;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The rules of the books, as questions whose answer must be empty. Each names what breaks the
/// rule, at most [#MOST_PER_RULE] times.
///
/// To be run in a snapshot, so that all questions see the same instant: then it is right on a busy
/// server, too.
public final class LedgerAuditStore {
  /// A broken book breaks a rule thousands of times; the first hundred tell as much.
  public static final int MOST_PER_RULE = 100;

  private static final Map<String, String> RULES = new LinkedHashMap<>();

  static {
    RULES.put(
        "All entries of a currency come to zero",
        """
        select currency as subject, 'the sum is ' || sum(amount) as detail
          from entry
         group by currency
        having sum(amount) <> 0
        """);
    RULES.put(
        "The entries of every posting come to zero per currency",
        """
        select posting_id::text as subject, currency || ': the sum is ' || sum(amount) as detail
          from entry
         group by posting_id, currency
        having sum(amount) <> 0
        """);
    RULES.put(
        "Every leg has its posting",
        """
        select l.posting_id::text as subject, 'a leg of ' || l.amount || ' has no posting' as detail
          from leg l
          left join posting p using (posting_id)
         where p.posting_id is null
        """);
    RULES.put(
        "Every balance is the sum of its entries",
        """
        select a.uin::text as subject,
               p.pocket || ' holds ' || p.stored || ', its entries come to ' || coalesce(s.total, 0) as detail
          from account a
         cross join lateral (values ('cash', a.cash, -1), ('income', a.income, -1), ('present', a.present, -1),
                                    ('owe', a.owe, 1)) as p (pocket, stored, sign)
          left join (select uin, pocket, sum(amount) as total from entry where uin > 0 group by uin, pocket) s
            on s.uin = a.uin and s.pocket = p.pocket
         where p.stored <> p.sign * coalesce(s.total, 0)
        """);
    RULES.put(
        "Every entry belongs to an account, in its currency",
        """
        select distinct e.uin::text as subject,
               'has entries in ' || e.currency || case when a.uin is null then ', but there is no account'
                                                       else ', the account is in ' || a.currency end as detail
          from (select distinct uin, currency from entry where uin > 0) e
          left join account a using (uin)
         where a.uin is null or a.currency <> e.currency
        """);
    RULES.put(
        "What is frozen is the sum of the holds",
        """
        select a.uin::text as subject, 'frozen ' || a.frozen || ', held ' || coalesce(h.total, 0) as detail
          from account a
          left join (select uin, sum(amount) as total from hold where state = 'held' group by uin) h using (uin)
         where a.frozen <> coalesce(h.total, 0)
        """);
    RULES.put(
        "Temporary credit is the sum of its grants",
        """
        select a.uin::text as subject, 'recorded ' || a.temp_credit || ', granted ' || coalesce(t.total, 0) as detail
          from account a
          left join (select uin, sum(amount) as total from temp_credit group by uin) t using (uin)
         where a.temp_credit <> coalesce(t.total, 0)
        """);
    RULES.put(
        "No account is below minus its credit",
        """
        select uin::text as subject,
               'available ' || (cash + income + present + credit_limit + temp_credit - owe - frozen) as detail
          from account
         where cash + income + present + credit_limit + temp_credit - owe - frozen < 0
        """);
  }

  /// Every place of this cell that breaks a rule. To be run in a snapshot.
  public List<Finding> findings(Transaction snapshot) {
    return ask(snapshot, RULES);
  }

  /// Asks other questions of the same form: a rule's name, and a query for `subject` and `detail`.
  public static List<Finding> ask(Transaction snapshot, Map<String, String> rules) {
    var findings = new ArrayList<Finding>();
    rules.forEach((rule, question) ->
        findings.addAll(
            snapshot.query(
                "select * from (" + question + ") broken limit " + MOST_PER_RULE,
                row -> finding(rule, row))));
    return findings;
  }

  private static Finding finding(String rule, Row row) {
    return new Finding(rule, row.text("subject"), row.text("detail"));
  }
}
