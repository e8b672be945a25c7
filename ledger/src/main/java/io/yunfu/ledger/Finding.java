package io.yunfu.ledger;

/// One place where the books break a rule.
///
/// @param rule which rule, as a short sentence that is the same for every finding of it
/// @param subject the account, deal, voucher or posting
/// @param detail what stands there and what should
public record Finding(String rule, String subject, String detail) {}
