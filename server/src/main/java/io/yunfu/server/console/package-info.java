/// Serves the operator's console: a few static files, which ask the admin API for everything.
@NullMarked
package io.yunfu.server.console;

import org.jspecify.annotations.NullMarked;
