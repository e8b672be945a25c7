package io.yunfu.billing.account;

import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Uin;

/// Why a change of accounts, users or keys was not made.
public sealed interface AccountRefused {
  record NoSuchAccount(Uin uin) implements AccountRefused {}

  /// An owner or a sub-user has this number.
  record UinTaken(Uin uin) implements AccountRefused {}

  record NoSuchCell(CellId cell) implements AccountRefused {}

  /// A verification cannot be withdrawn once it is complete.
  record CertificationIsFinal(Certification is, Certification wanted) implements AccountRefused {}

  record NoSuchUser(Uin uin) implements AccountRefused {}

  record NoSuchKey(String secretId) implements AccountRefused {}

  record SecretIdTaken(String secretId) implements AccountRefused {}

  /// A bound on what one account may have.
  record TooMany(String what, int most) implements AccountRefused {}
}
