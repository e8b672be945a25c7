/// The billing API, version 2018-07-09, as clients of the vendor speak it: the order in which a
/// request is checked, the actions, and how each refusal is spelt. It decodes, asks and encodes; it
/// decides nothing about money.
@NullMarked
package io.yunfu.server.api.billing;

import org.jspecify.annotations.NullMarked;
