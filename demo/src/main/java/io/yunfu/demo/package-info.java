/// A whole Yunfu to try out, in one process: server, database, simulated channels, sample data. The
/// only place that knows both the server and the simulator; nothing of it is in a production
/// server.
@NullMarked
package io.yunfu.demo;

import org.jspecify.annotations.NullMarked;
