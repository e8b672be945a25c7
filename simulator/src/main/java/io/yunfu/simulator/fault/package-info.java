/// Misbehaviour on demand: rules that say when, effects that say what, and a log of each time that
/// one was applied.
@NullMarked
package io.yunfu.simulator.fault;

import org.jspecify.annotations.NullMarked;
