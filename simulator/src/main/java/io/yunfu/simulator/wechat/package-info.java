/// WeChat Pay, API version 2, as a service provider sees it. Sources: channels.md, sections 2, 7.3
/// to 7.7 and 8.1.
@NullMarked
package io.yunfu.simulator.wechat;

import org.jspecify.annotations.NullMarked;
