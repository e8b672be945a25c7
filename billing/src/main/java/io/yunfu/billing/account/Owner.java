package io.yunfu.billing.account;

import io.yunfu.kernel.Uin;

/// An owner account, without its money: that is in the ledger under the same uin.
///
/// @param active false while the operator has frozen the account: it neither pays nor is paid for
public record Owner(
    Uin uin, String name, Edition edition, Certification certification, boolean active) {}
