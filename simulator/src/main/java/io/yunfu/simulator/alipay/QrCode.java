package io.yunfu.simulator.alipay;

import java.time.Instant;

/// What `alipay.trade.precreate` gives: the wish to be paid, before there is a trade. Source:
/// channels.md, section 4.4.
///
/// @param content what the picture says
/// @param expires of the code; the trade's own deadline is in the terms
record QrCode(String content, Trade.Origin origin, Instant created, Instant expires) {}
