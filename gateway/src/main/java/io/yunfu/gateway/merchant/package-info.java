/// Who sells through the gateway: providers, their sub-merchants and shops, their keys, and what
/// the channels know them by. Source: `cloudpay.md` section 6.
@NullMarked
package io.yunfu.gateway.merchant;

import org.jspecify.annotations.NullMarked;
