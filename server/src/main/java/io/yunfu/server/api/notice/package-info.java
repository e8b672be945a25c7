/// Where channels report by themselves, over HTTP. What a notice means is decided in the gateway,
/// and whether it is genuine by the connector of its channel.
@NullMarked
package io.yunfu.server.api.notice;

import org.jspecify.annotations.NullMarked;
