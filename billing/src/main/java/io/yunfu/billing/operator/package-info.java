/// Who runs the installation: admin tokens, the audit log of every change, and the keys that let a
/// command be repeated without harm.
@NullMarked
package io.yunfu.billing.operator;

import org.jspecify.annotations.NullMarked;
