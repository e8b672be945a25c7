@NullMarked
package io.yunfu.gateway.reconcile;

import org.jspecify.annotations.NullMarked;
