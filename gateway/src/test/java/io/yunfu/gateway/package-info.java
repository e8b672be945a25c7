/// What tests of the gateway share.
@NullMarked
package io.yunfu.gateway;

import org.jspecify.annotations.NullMarked;
