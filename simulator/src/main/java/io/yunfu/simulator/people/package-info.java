/// Those who pay: their identity at either channel, what they are like, and their payment codes.
@NullMarked
package io.yunfu.simulator.people;

import org.jspecify.annotations.NullMarked;
