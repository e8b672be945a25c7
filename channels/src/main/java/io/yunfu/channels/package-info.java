/// What the connectors have in common: how they call out, how long and how often, and what they
/// make of an answer. Source: `channels.md` section 1.
@NullMarked
package io.yunfu.channels;

import org.jspecify.annotations.NullMarked;
