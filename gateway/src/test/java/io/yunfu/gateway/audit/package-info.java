@NullMarked
package io.yunfu.gateway.audit;

import org.jspecify.annotations.NullMarked;
