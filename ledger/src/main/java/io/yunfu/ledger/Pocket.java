package io.yunfu.ledger;

import static io.yunfu.kernel.Check.require;

import io.yunfu.kernel.Uin;

/// Where money stands: a pocket of an owner's account, of a merchant, or one of the house.
///
/// Sign, as in every ledger: a debit is positive, a credit negative. Money that belongs to an owner
/// is the house's debt, so `CASH`, `INCOME` and `PRESENT` grow by credits; what an owner owes,
/// `OWE`, grows by debits.
public sealed interface Pocket {

  /// The pockets of the house. They keep no stored balance, since nothing decides on them; their
  /// sums come from the legs.
  enum House implements Pocket {
    /// What was sold.
    REVENUE,
    /// Money that came from outside: top-ups.
    FUNDING,
    /// Money that the house gave away.
    GIFT,
    /// What vouchers paid.
    VOUCHER,
    /// Corrections by the operator.
    ADJUSTMENT,
    /// What WeChat Pay has collected for us and not yet paid out.
    WECHAT,
    /// What Alipay has collected for us and not yet paid out.
    ALIPAY,
    /// What channels keep of money that is for the house: of top-ups.
    FEES;

    @Override
    public long uin() {
      return 0;
    }

    @Override
    public String code() {
      return switch (this) {
        case REVENUE -> "revenue";
        case FUNDING -> "funding";
        case GIFT -> "gift";
        case VOUCHER -> "voucher";
        case ADJUSTMENT -> "adjustment";
        case WECHAT -> "wechat";
        case ALIPAY -> "alipay";
        case FEES -> "fees";
      };
    }
  }

  /// The pockets of an owner.
  enum Kind {
    /// Gift balance: cannot be cashed out or transferred.
    PRESENT("present"),
    /// Earnings transferred in.
    INCOME("income"),
    /// Topped-up money.
    CASH("cash"),
    /// What was spent on credit and is not yet repaid.
    OWE("owe");

    private final String code;

    Kind(String code) {
      this.code = code;
    }

    String code() {
      return code;
    }
  }

  /// One pocket of one owner.
  record Owned(Uin owner, Kind kind) implements Pocket {
    @Override
    public long uin() {
      return owner.value();
    }

    @Override
    public String code() {
      return kind.code();
    }
  }

  /// What a channel has collected for a sub-merchant of the gateway, less refunds and fees. No
  /// stored balance, as for the house: nothing decides on it.
  ///
  /// @param merchant the sub-merchant's number
  record Payable(long merchant) implements Pocket {
    static final String CODE = "payable";

    public Payable {
      require(merchant > 0, "a merchant's number is positive, not %d", merchant);
    }

    /// Below zero, so that merchants and owners never share a number.
    @Override
    public long uin() {
      return -merchant;
    }

    @Override
    public String code() {
      return CODE;
    }
  }

  static Pocket of(Uin owner, Kind kind) {
    return new Owned(owner, kind);
  }

  /// Reads back what [#uin] and the code say.
  static Pocket parse(long uin, String code) {
    if (uin == 0) {
      for (House house : House.values()) {
        if (house.code().equals(code)) {
          return house;
        }
      }
    } else if (uin < 0) {
      require(code.equals(Payable.CODE), "no pocket %s of merchant %d", code, -uin);
      return new Payable(-uin);
    } else {
      for (Kind kind : Kind.values()) {
        if (kind.code().equals(code)) {
          return new Owned(new Uin(uin), kind);
        }
      }
    }
    require(false, "no pocket %s of account %d", code, uin);
    throw new AssertionError();
  }

  /// The owner's number; 0 is the house, below zero a merchant of the gateway.
  long uin();

  /// The name in the table `leg`.
  String code();
}
