package io.yunfu.bench;

/// Something that makes payments.
interface Contender {
  /// One run: warms up, then measures. Notes every payment in the receipts, and tells the deals how
  /// far they are used.
  ///
  /// @param receipts for all deals that are there
  Run run(Deals deals, Receipts receipts) throws InterruptedException;

  /// For how long it pays, in seconds: longer than what is measured.
  double seconds();

  /// Payments per second that it surely does not exceed, as long as nothing is known of it. A wrong
  /// guess only costs a repetition.
  double guess();

  /// What a run has come to.
  ///
  /// @param ranOut whether there were too few deals, so that the run says nothing
  record Run(Measurement measurement, boolean ranOut) {}
}
