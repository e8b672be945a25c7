/// Who runs the installation: admin tokens, the audit log of every change, the keys that let a
/// command be repeated without harm, the master key of all secrets at rest. Both products stand on
/// it.
@NullMarked
package io.yunfu.operator;

import org.jspecify.annotations.NullMarked;
