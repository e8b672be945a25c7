/// The port to WeChat Pay and Alipay: what the gateway asks of a channel, and the answers it takes.
/// Connectors implement it, each with its own codec; nothing here knows a wire.
@NullMarked
package io.yunfu.gateway.channel;

import org.jspecify.annotations.NullMarked;
