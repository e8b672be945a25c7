/// Tests of the database module against the real PostgreSQL, and [TestDatabase] for those of all
/// other modules.
@NullMarked
package io.yunfu.db;

import org.jspecify.annotations.NullMarked;
