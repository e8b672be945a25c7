package io.yunfu.simulator.wechat;

import java.time.Instant;

/// Something that happened to an order, for people.
record Event(Instant at, String what) {}
