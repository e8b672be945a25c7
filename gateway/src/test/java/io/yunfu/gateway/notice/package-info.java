@NullMarked
package io.yunfu.gateway.notice;

import org.jspecify.annotations.NullMarked;
