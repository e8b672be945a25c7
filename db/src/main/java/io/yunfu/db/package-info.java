/// Transactions, migrations, lanes and work queues over PostgreSQL, and the embedded default
/// database. SQL itself lives in the `*Store` classes of the features; this package knows none of
/// their tables.
@NullMarked
package io.yunfu.db;

import org.jspecify.annotations.NullMarked;
