/// The operator's command line. Speaks to the admin API only, so whatever it can do a script can do
/// as well.
@NullMarked
package io.yunfu.cli;

import org.jspecify.annotations.NullMarked;
