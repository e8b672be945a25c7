package io.yunfu.acceptance;

/// An owner account with a key of its own.
record Customer(long uin, Edition edition, Key key) {}
