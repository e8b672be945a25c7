package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// The actions of the billing API that are asked for.
enum BillingAction {
  PAY_DEALS("PayDeals"),
  DESCRIBE_DEALS("DescribeDealsByCond"),
  DESCRIBE_BALANCE("DescribeAccountBalance");

  private final String name;

  BillingAction(String name) {
    this.name = name;
  }

  /// As it stands in the header.
  byte[] header() {
    return name.getBytes(ISO_8859_1);
  }
}
