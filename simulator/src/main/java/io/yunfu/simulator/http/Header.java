package io.yunfu.simulator.http;

/// One header field, as it was sent.
public record Header(String name, String value) {}
