/// The connector to Alipay's open API: RSA2, with public keys or with certificates. All of its
/// codec is here, so that nothing of it is shared with WeChat Pay or with the simulator.
@NullMarked
package io.yunfu.channels.alipay;

import org.jspecify.annotations.NullMarked;
