/// The server: configuration, wiring, start and stop. `Wiring` is the map of what runs.
@NullMarked
package io.yunfu.server;

import org.jspecify.annotations.NullMarked;
