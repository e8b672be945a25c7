package io.yunfu.simulator.alipay;

import java.net.URI;
import java.util.Optional;

/// Who calls, for whom, and where it wants to be told; all of it verified.
record Caller(App app, Contract contract, Optional<URI> notifyUrl) {
  Seller seller() {
    return contract.seller();
  }
}
