package io.yunfu.server.api.cpay;

import io.yunfu.wire.cpay.CallContent;

/// A request that has passed all checks that every call shares: a call begins here.
///
/// @param address the client's, which stands in for the one that the content may leave out
/// @param nonce fresh, for the answer
record Asked<S extends Seller, C extends CallContent>(
    S seller, C content, String address, String nonce) {}
