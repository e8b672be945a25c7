/// Alipay as merchants see it: one gateway that takes signed calls and gives signed answers, trades
/// with their life and their money, notices, bills. Its codec is its own, down to the percent sign,
/// so that an error of ours cannot hide on both sides of a test.
@NullMarked
package io.yunfu.simulator.alipay;

import org.jspecify.annotations.NullMarked;
