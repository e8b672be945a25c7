/// What the tests of every module share: properties over seeded random values, recorded exchanges,
/// and a clock that is set by hand.
@NullMarked
package io.yunfu.testkit;

import org.jspecify.annotations.NullMarked;
