/// What the connectors have in common: how they call out.
@NullMarked
package io.yunfu.channels;

import org.jspecify.annotations.NullMarked;
