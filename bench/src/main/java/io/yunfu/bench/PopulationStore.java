package io.yunfu.bench;

import io.yunfu.db.Database;
import io.yunfu.operator.MasterKey;
import java.util.List;

/// Makes accounts, API keys and unpaid deals, set by set, in the form in which the admin API would
/// have made them.
final class PopulationStore {
  /// How many deals one transaction makes: large enough to be quick, small enough to fit in memory.
  private static final int PIECE = 50_000;

  /// The same for deals of the past, whose accounts are charged once per transaction.
  private static final int PAST_PIECE = 500_000;

  private static final String OTHER_OWNERS =
      "select exists (select 1 from owner where name <> 'bench') as found";

  /// The next numbers of a series, the same way in which nodes draw their row ids.
  private static final String TAKE =
      """
      insert into id_block (name, next) values (?, ? + ?)
      on conflict (name) do update set next = id_block.next + ?
      returning next
      """;

  private static final String PLACE_OWNERS =
      "insert into owner (uin, cell_id) select uin, ? from generate_series(?::bigint, ?) as uin";

  private static final String PLACE_KEYS =
      "insert into credential (secret_id, cell_id) select secret_id, ? from unnest(?::text[]) as secret_id";

  private static final String OPEN_ACCOUNTS =
      """
      insert into account (uin, currency, cash)
      select uin, 'CNY', ? from generate_series(?::bigint, ?) as uin
      """;

  private static final String OPEN_OWNERS =
      """
      insert into owner (uin, name, edition, certification, created_at)
      select uin, 'bench', 'china', 'complete', now() from generate_series(?::bigint, ?) as uin
      """;

  /// A top-up for each account, so that the books balance from the beginning.
  private static final String POST_TOP_UPS =
      """
      insert into posting (posting_id, kind, actor, request_id, memo, created_at)
      select ? + uin, 'recharge', 'operator:bench', 'bench', 'bench', now()
        from generate_series(?::bigint, ?) as uin
      """;

  private static final String POST_TOP_UP_LEGS =
      """
      insert into leg (posting_id, line, debit_uin, debit_pocket, credit_uin, credit_pocket, amount, currency)
      select ? + uin, 0, 0, 'funding', uin, 'cash', ?, 'CNY'
        from generate_series(?::bigint, ?) as uin
      """;

  private static final String INSERT_KEYS =
      """
      insert into api_key (secret_id, user_uin, owner_uin, nonce, ciphertext, created_at)
      select secret_id, uin, uin, nonce, ciphertext, now()
        from unnest(?::text[], ?::bigint[], ?::bytea[], ?::bytea[]) as k (secret_id, uin, nonce, ciphertext)
      """;

  private static final String ADD_PRODUCT =
      """
      insert into product (product_code, sub_product_code, name_zh, name_en, sub_name_zh, sub_name_en,
                           resource_prefix, created_at)
      values ('p_cvm', 'sp_cvm_s1', '云服务器', 'Cloud server', '标准型', 'Standard', 'ins', now())
      on conflict do nothing
      """;

  private static final String ADD_BIG_DEALS =
      """
      insert into big_deal (big_deal_id, owner_uin, creator_uin, created_at)
      select ? || (? + n), ? + position, ? + position, now()
        from generate_series(?::bigint, ?) as n
      """
          + Numbering.POSITION_SQL;

  /// One yuan each, for one month of one server; nothing to choose, nothing to wait for.
  private static final String ADD_DEALS =
      """
      insert into deal (deal_id, big_deal_id, owner_uin, creator_uin, big_deal_size, status, product_code,
                        sub_product_code, action, pay_mode, currency, price_micro, quantity, time_span, time_unit,
                        total_cost_micro, policy_ppm, payable, created_at, pay_until, status_at)
      select ? || (? + n), ? || (? + n), ? + position, ? + position, 1, 1, 'p_cvm', 'sp_cvm_s1', 'purchase', 'prePay',
             'CNY', 100000000, 1, 1, 'm', 100000000, 1000000, 100, now(), now() + interval '30 days', now()
        from generate_series(?::bigint, ?) as n
      """
          + Numbering.POSITION_SQL;

  private static final String CANCEL =
      "update deal set status = 7, status_at = now() where deal_id >= ? and deal_id < ?";

  /// The past: a deal a second, the youngest a second old.
  private static final String PAST_BIG_DEALS =
      """
      insert into big_deal (big_deal_id, owner_uin, creator_uin, created_at)
      select ? || (? + n), ? + position, ? + position, now() - (? - n) * interval '1 second'
        from generate_series(?::bigint, ?) as n
      """
          + Numbering.POSITION_SQL;

  /// As a payment and its delivery by the built-in provider leave a deal.
  private static final String PAST_DEALS =
      """
      insert into deal (deal_id, big_deal_id, owner_uin, creator_uin, big_deal_size, status, product_code,
                        sub_product_code, action, pay_mode, currency, price_micro, quantity, time_span, time_unit,
                        total_cost_micro, policy_ppm, payable, created_at, pay_until, status_at, payer_uin, agent_pay,
                        real_total_cost, voucher_decline, posting_id, paid_at, resource_ids)
      select ? || (? + n), ? || (? + n), ? + position, ? + position, 1, 4, 'p_cvm', 'sp_cvm_s1', 'purchase', 'prePay',
             'CNY', 100000000, 1, 1, 'm', 100000000, 1000000, 100, at, at + interval '30 days', at, ? + position, 0,
             100, 0, ? + n, at, array['ins-p' || n]
        from generate_series(?::bigint, ?) as n
       cross join lateral (select now() - (? - n) * interval '1 second' as at) as moment
      """
          + Numbering.POSITION_SQL;

  private static final String PAST_POSTINGS =
      """
      insert into posting (posting_id, kind, actor, request_id, memo, created_at)
      select ? + n, 'deduct', (? + position)::text, '00000000-0000-4000-8000-000000000000', '',
             now() - (? - n) * interval '1 second'
        from generate_series(?::bigint, ?) as n
      """
          + Numbering.POSITION_SQL;

  private static final String PAST_LEGS =
      """
      insert into leg (posting_id, line, debit_uin, debit_pocket, credit_uin, credit_pocket, amount, currency, subject)
      select ? + n, 0, ? + position, 'cash', 0, 'revenue', 100, 'CNY', ? || (? + n)
        from generate_series(?::bigint, ?) as n
      """
          + Numbering.POSITION_SQL;

  private static final String PAST_RESOURCES =
      """
      insert into resource (resource_id, owner_uin, product_code, sub_product_code, deal_id, made_by, payer_uin,
                            agent_pay, state, created_at)
      select 'ins-p' || n, ? + position, 'p_cvm', 'sp_cvm_s1', ? || (? + n), ? || (? + n), ? + position, 0, 'active',
             now() - (? - n) * interval '1 second'
        from generate_series(?::bigint, ?) as n
      """
          + Numbering.POSITION_SQL;

  private static final String CHARGE_PAST =
      """
      update account
         set cash = cash - 100 * deals
        from (select ? + position as owner, count(*) as deals
                from generate_series(?::bigint, ?) as n
      """
          + Numbering.POSITION_SQL
          + """
                   group by position) as bought
           where uin = owner
          """;

  private final Database directory;
  private final Database cell;
  private final int cellId;

  PopulationStore(Database directory, Database cell, int cellId) {
    this.directory = directory;
    this.cell = cell;
    this.cellId = cellId;
  }

  /// Whether somebody lives here who is none of ours.
  boolean hasOtherOwners() {
    return cell.read(tx -> tx.query(OTHER_OWNERS, row -> row.bool("found"))).getFirst();
  }

  /// Draws numbers that no run has used before.
  ///
  /// @return the first of them
  long take(String series, long first, long count) {
    return cell.inTransaction(
            tx -> tx.query(TAKE, row -> row.longAt("next"), series, first, count, count).getFirst())
        - count;
  }

  /// Opens accounts with money and without keys.
  ///
  /// @param firstTopUp the id of the first account's top-up; the others follow
  /// @param cash of each, in cents; 0 for accounts that can pay nothing
  void addAccounts(long firstUin, int count, long firstTopUp, long cash) {
    long last = firstUin + count - 1;
    directory.execute(tx -> tx.update(PLACE_OWNERS, cellId, firstUin, last));
    cell.execute(tx -> {
      tx.update(OPEN_ACCOUNTS, cash, firstUin, last);
      tx.update(OPEN_OWNERS, firstUin, last);
      if (cash > 0) {
        tx.update(POST_TOP_UPS, firstTopUp - firstUin, firstUin, last);
        tx.update(POST_TOP_UP_LEGS, firstTopUp - firstUin, cash, firstUin, last);
      }
      tx.update(ADD_PRODUCT);
    });
  }

  /// Gives a key to each of these accounts.
  void addKeys(List<String> secretIds, long firstUin, List<MasterKey.Sealed> secrets) {
    String[] ids = secretIds.toArray(String[]::new);
    long[] uins = new long[ids.length];
    var nonces = new byte[ids.length][];
    var ciphertexts = new byte[ids.length][];
    for (int i = 0; i < ids.length; i++) {
      uins[i] = firstUin + i;
      nonces[i] = secrets.get(i).nonce();
      ciphertexts[i] = secrets.get(i).ciphertext();
    }
    directory.execute(tx -> tx.update(PLACE_KEYS, cellId, ids));
    cell.execute(tx -> tx.update(INSERT_KEYS, ids, uins, nonces, ciphertexts));
  }

  /// Makes unpaid deals, each alone in its big deal, with the numbers from `first` until before
  /// `end`.
  void addDeals(Numbering numbering, int hotPercent, long first, long end) {
    String prefix = numbering.prefix();
    long uin = numbering.firstUin();
    for (long from = first; from < end; from += PIECE) {
      long start = from;
      long last = Math.min(from + PIECE, end) - 1;
      cell.execute(tx -> {
        tx.update(
            ADD_BIG_DEALS,
            prefix,
            Numbering.FIRST_BIG_DEAL,
            uin,
            uin,
            start,
            last,
            hotPercent,
            numbering.accounts());
        tx.update(
            ADD_DEALS,
            prefix,
            Numbering.FIRST_DEAL,
            prefix,
            Numbering.FIRST_BIG_DEAL,
            uin,
            uin,
            start,
            last,
            hotPercent,
            numbering.accounts());
      });
    }
  }

  /// Cancels unpaid deals, with the numbers from `first` until before `end`.
  void cancel(Numbering numbering, long first, long end) {
    cell.execute(tx -> tx.update(CANCEL, numbering.deal(first), numbering.deal(end)));
  }

  /// Makes deals that were paid and delivered in the past, with their postings and resources, and
  /// charges their owners, with the numbers from `first` until before `end`.
  void addPaidDeals(Numbering numbering, int hotPercent, long first, long end) {
    String prefix = numbering.prefix();
    long uin = numbering.firstUin();
    int accounts = numbering.accounts();
    long posting = Numbering.FIRST_POSTING;
    for (long from = first; from < end; from += PAST_PIECE) {
      long start = from;
      long last = Math.min(from + PAST_PIECE, end) - 1;
      cell.execute(tx -> {
        tx.update(
            PAST_BIG_DEALS,
            prefix,
            Numbering.FIRST_BIG_DEAL,
            uin,
            uin,
            end,
            start,
            last,
            hotPercent,
            accounts);
        tx.update(PAST_POSTINGS, posting, uin, end, start, last, hotPercent, accounts);
        tx.update(
            PAST_LEGS,
            posting,
            uin,
            prefix,
            Numbering.FIRST_DEAL,
            start,
            last,
            hotPercent,
            accounts);
        tx.update(
            PAST_DEALS,
            prefix,
            Numbering.FIRST_DEAL,
            prefix,
            Numbering.FIRST_BIG_DEAL,
            uin,
            uin,
            uin,
            posting,
            start,
            last,
            end,
            hotPercent,
            accounts);
        tx.update(
            PAST_RESOURCES,
            uin,
            prefix,
            Numbering.FIRST_DEAL,
            prefix,
            Numbering.FIRST_DEAL,
            uin,
            end,
            start,
            last,
            hotPercent,
            accounts);
        tx.update(CHARGE_PAST, uin, start, last, hotPercent, accounts);
      });
    }
  }
}
