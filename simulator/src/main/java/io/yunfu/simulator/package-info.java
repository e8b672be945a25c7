/// The simulator: stands in for WeChat Pay and Alipay over real sockets, with their real
/// signatures, books and bad habits, and with faults on demand.
///
/// [Sandbox] is one running simulator: the program `./yunfu simulator` starts one ([Main]), and so
/// does any test, in its own process. How a channel plugs in is told in package `channel`.
@NullMarked
package io.yunfu.simulator;

import org.jspecify.annotations.NullMarked;
