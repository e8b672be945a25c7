/// The connector to WeChat Pay v2, in service-provider mode. All of its codec is here, so that
/// nothing of it is shared with Alipay or with the simulator.
@NullMarked
package io.yunfu.channels.wechat;

import org.jspecify.annotations.NullMarked;
